import { type FieldOptions, Flag, Integer, OneOf } from '@countersign/http';
import {
  MAX_SEPARATION_DAYS,
  MIN_SEPARATION_DAYS,
  revealApprovals,
  type RevealApproval,
} from '@countersign/users';
import type { InstallationSettings } from '../../installation.service';

function UsernameLookupField(options?: FieldOptions): PropertyDecorator {
  return Flag(
    'Whether accounts are found by usernames at platforms. Keyed digests of them are stored then, which a job makes of ' +
      'those that are known, and deletes when this is switched off.',
    false,
    options,
  );
}

function RevealApprovalField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    revealApprovals,
    'Whether a second principal has to approve before an operator reads personal fields with `revealUser`.',
    'none',
    { name: 'RevealApproval', ...options },
  );
}

function ExportApprovalField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    revealApprovals,
    'Whether a second principal has to approve before an operator exports an account with `exportUser`, as `revealApproval`.',
    'none',
    { name: 'RevealApproval', ...options },
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

  @RevealApprovalField({ input: 'optional' })
  revealApproval?: RevealApproval;

  @ExportApprovalField({ input: 'optional' })
  exportApproval?: RevealApproval;

  @SeparationDaysField({ input: 'optional' })
  separationDays?: number;

  toChange(): Partial<InstallationSettings> {
    const { usernameLookup, revealApproval, exportApproval, separationDays } = this;
    return {
      ...(usernameLookup === undefined ? {} : { usernameLookup }),
      ...(revealApproval === undefined ? {} : { revealApproval }),
      ...(exportApproval === undefined ? {} : { exportApproval }),
      ...(separationDays === undefined ? {} : { separationDays }),
    };
  }
}

export class InstallationResponse {
  @UsernameLookupField()
  usernameLookup: boolean;

  @RevealApprovalField()
  revealApproval: RevealApproval;

  @ExportApprovalField()
  exportApproval: RevealApproval;

  @SeparationDaysField()
  separationDays: number;

  static of(settings: InstallationSettings): InstallationResponse {
    const { usernameLookup, revealApproval, exportApproval, separationDays } = settings;
    return { usernameLookup, revealApproval, exportApproval, separationDays };
  }
}
