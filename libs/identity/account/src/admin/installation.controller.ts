import { Body, Get, Patch } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  ChangesWhatIsCurrent,
  HasETag,
  IfMatch,
  NeedsScope,
  type AssertCurrent,
} from '@countersign/admin';
import { Answers, TakesMergePatch } from '@countersign/http';
import { InstallationService } from '../installation.service';
import { ChangeInstallationRequest, InstallationResponse } from './dto/installation.dto';

@AdminController('installation', 'Installation')
export class InstallationController {
  constructor(private readonly installation: InstallationService) {}

  @Get()
  @NeedsScope('installation:read')
  @HasETag()
  @ApiOperation({ operationId: 'readInstallation', summary: 'Read the settings of the installation' })
  @Answers(InstallationResponse)
  async read(): Promise<InstallationResponse> {
    return InstallationResponse.of(await this.installation.settings());
  }

  @Patch()
  @NeedsScope('installation:write')
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  @ApiOperation({
    operationId: 'changeInstallation',
    summary: 'Change settings of the installation by a JSON merge patch',
  })
  @Answers(InstallationResponse)
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
