import { type FieldOptions, Flag } from '@countersign/http';

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
