import { Body, Get, Patch } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { TakesMergePatch, type FieldOptions, Flag } from '@countersign/http';
import { InstallationService } from '../installation.service';

function UsernameLookupField(options?: FieldOptions): PropertyDecorator {
  return Flag(
    'Whether accounts are found by usernames at platforms. Keyed digests of them are stored then, which a job makes of ' +
      'those that are known, and deletes when this is switched off.',
    false,
    options,
  );
}

export class ChangeInstallationRequest {
  @UsernameLookupField({ input: 'optional' })
  usernameLookup?: boolean;
}

export class InstallationResponse {
  @UsernameLookupField()
  usernameLookup: boolean;
}

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
