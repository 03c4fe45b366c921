import { type FieldOptions, Flag, Integer } from '@countersign/http';
import { MAX_SEPARATION_DAYS, MIN_SEPARATION_DAYS } from '@countersign/users';
import type { InstallationSettings } from '../../installation.service';

function UsernameLookupField(options?: FieldOptions): PropertyDecorator {
  return Flag(
    'Whether accounts are found by usernames at platforms. Keyed digests of them are stored then, which a job makes of ' +
      'those that are known, and deletes when this is switched off.',
    false,
    options,
  );
}

function SeparationDaysField(options?: FieldOptions): PropertyDecorator {
  return Integer(
    'For how many days a merge or a link of an identity can be separated again. A change concerns merges from then on, ' +
      'and all links.',
    7,
    { min: MIN_SEPARATION_DAYS, max: MAX_SEPARATION_DAYS, ...options },
  );
}

export class ChangeInstallationRequest {
  @UsernameLookupField({ input: 'optional' })
  usernameLookup?: boolean;

  @SeparationDaysField({ input: 'optional' })
  separationDays?: number;

  toChange(): Partial<InstallationSettings> {
    const { usernameLookup, separationDays } = this;
    return {
      ...(usernameLookup === undefined ? {} : { usernameLookup }),
      ...(separationDays === undefined ? {} : { separationDays }),
    };
  }
}

export class InstallationResponse {
  @UsernameLookupField()
  usernameLookup: boolean;

  @SeparationDaysField()
  separationDays: number;

  static of(settings: InstallationSettings): InstallationResponse {
    const { usernameLookup, separationDays } = settings;
    return { usernameLookup, separationDays };
  }
}
