import { Body, Get, Patch } from '@nestjs/common';
import { PartialType } from '@nestjs/swagger';
import { AdminController, Operation } from '@countersign/admin';
import { TakesMergePatch, Flag, toResponse } from '@countersign/http';
import { Installation } from '@countersign/users';
import { accountScopes } from '../account.feature';

export class InstallationResponse {
  @Flag(
    'Whether accounts are found by usernames at platforms. Keyed digests of them are stored then, which a job makes of ' +
      'those that are known, and deletes when this is switched off.',
    false,
    { input: 'required' },
  )
  usernameLookup: boolean;
}

export class ChangeInstallationRequest extends PartialType(InstallationResponse, {
  skipNullProperties: false,
}) {}

@AdminController('installation', 'Installation')
export class InstallationController {
  constructor(private readonly installation: Installation) {}

  @Get()
  @Operation('readInstallation', accountScopes.installationRead, InstallationResponse, {
    summary: 'Read the settings of the installation',
  })
  async read(): Promise<InstallationResponse> {
    return toResponse(InstallationResponse, await this.installation.read());
  }

  @Patch()
  @Operation('changeInstallation', accountScopes.installationWrite, InstallationResponse, {
    summary: 'Change settings of the installation by a JSON merge patch',
  })
  @TakesMergePatch()
  async change(@Body() wanted: ChangeInstallationRequest): Promise<InstallationResponse> {
    return toResponse(InstallationResponse, await this.installation.change(wanted));
  }
}
