import { Body, Get, Patch } from '@nestjs/common';
import {
  AdminController,
  type AssertCurrent,
  ChangesWhatIsCurrent,
  HasETag,
  IfMatch,
  Operation,
} from '@countersign/admin';
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
  @HasETag()
  async read(): Promise<InstallationResponse> {
    return InstallationResponse.of(await this.installation.settings());
  }

  @Patch()
  @Operation('changeInstallation', 'installation:write', InstallationResponse, {
    summary: 'Change settings of the installation by a JSON merge patch',
  })
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  async change(
    @Body() wanted: ChangeInstallationRequest,
    @IfMatch() assertCurrent: AssertCurrent,
  ): Promise<InstallationResponse> {
    const changed = await this.installation.change(wanted.toChange(), (current) => {
      assertCurrent(InstallationResponse.of(current));
    });
    return InstallationResponse.of(changed);
  }
}
