import { Body, Get, Patch } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { TakesMergePatch } from '@countersign/http';
import { InstallationService } from '../installation.service';
import { ChangeInstallationRequest, InstallationResponse } from './dto/installation.dto';

@AdminController('installation', 'Installation')
export class InstallationController {
  constructor(private readonly installation: InstallationService) {}

  @Get()
  @Operation('readInstallation', 'installation:read', InstallationResponse, {
    summary: 'Read the settings of the installation',
  })
  read(): Promise<InstallationResponse> {
    return this.installation.settings();
  }

  @Patch()
  @Operation('changeInstallation', 'installation:write', InstallationResponse, {
    summary: 'Change settings of the installation by a JSON merge patch',
  })
  @TakesMergePatch()
  change(@Body() wanted: ChangeInstallationRequest): Promise<InstallationResponse> {
    return this.installation.change(wanted);
  }
}
