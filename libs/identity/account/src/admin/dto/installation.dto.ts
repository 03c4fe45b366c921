import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import {
  accountLevels,
  MAX_SEPARATION_DAYS,
  MIN_SEPARATION_DAYS,
  revealApprovals,
  type AccountLevel,
  type RevealApproval,
} from '@countersign/users';
import type { InstallationSettings } from '../../installation.service';

const accountLevelField = {
  description:
    'How strong a proof has to be for what concerns the whole account, where the account has no identity that can reach ' +
    '`platform`. `bot-token` lets the holder of a bot token take over such accounts.',
  enum: [...accountLevels],
  enumName: 'AccountLevel',
  example: 'platform',
};
const usernameLookupField = {
  description:
    'Whether accounts are found by usernames at platforms. Keyed digests of them are stored then, which a job makes of ' +
    'those that are known, and deletes when this is switched off.',
  example: false,
};
const phoneLookupField = {
  description: 'Whether accounts are found by phone numbers, as `usernameLookup` for usernames.',
  example: false,
};
const revealApprovalField = {
  description:
    'Whether a second principal has to approve before an operator reads personal fields with `revealUser`.',
  enum: [...revealApprovals],
  enumName: 'RevealApproval',
  example: 'none',
};
const exportApprovalField = {
  description:
    'Whether a second principal has to approve before an operator exports an account with `exportUser`, as `revealApproval`.',
  enum: [...revealApprovals],
  enumName: 'RevealApproval',
  example: 'none',
};

const separationDaysField = {
  description:
    'For how many days a merge or a link of an identity can be separated again. A change concerns merges from then on, ' +
    'and all links.',
  type: 'integer' as const,
  minimum: MIN_SEPARATION_DAYS,
  maximum: MAX_SEPARATION_DAYS,
  example: 7,
};

export class ChangeInstallationRequest {
  @ApiPropertyOptional(accountLevelField)
  @MayBeAbsent()
  @IsIn(accountLevels)
  accountLevel?: AccountLevel;

  @ApiPropertyOptional(usernameLookupField)
  @MayBeAbsent()
  @IsBoolean()
  usernameLookup?: boolean;

  @ApiPropertyOptional(phoneLookupField)
  @MayBeAbsent()
  @IsBoolean()
  phoneLookup?: boolean;

  @ApiPropertyOptional(revealApprovalField)
  @MayBeAbsent()
  @IsIn(revealApprovals)
  revealApproval?: RevealApproval;

  @ApiPropertyOptional(exportApprovalField)
  @MayBeAbsent()
  @IsIn(revealApprovals)
  exportApproval?: RevealApproval;

  @ApiPropertyOptional(separationDaysField)
  @MayBeAbsent()
  @IsInt()
  @Min(MIN_SEPARATION_DAYS)
  @Max(MAX_SEPARATION_DAYS)
  separationDays?: number;

  toChange(): Partial<InstallationSettings> {
    const { accountLevel, usernameLookup, phoneLookup, revealApproval, exportApproval, separationDays } =
      this;
    return {
      ...(accountLevel === undefined ? {} : { accountLevel }),
      ...(usernameLookup === undefined ? {} : { usernameLookup }),
      ...(phoneLookup === undefined ? {} : { phoneLookup }),
      ...(revealApproval === undefined ? {} : { revealApproval }),
      ...(exportApproval === undefined ? {} : { exportApproval }),
      ...(separationDays === undefined ? {} : { separationDays }),
    };
  }
}

export class InstallationResponse {
  @ApiProperty(accountLevelField)
  accountLevel: AccountLevel;

  @ApiProperty(usernameLookupField)
  usernameLookup: boolean;

  @ApiProperty(phoneLookupField)
  phoneLookup: boolean;

  @ApiProperty(revealApprovalField)
  revealApproval: RevealApproval;

  @ApiProperty(exportApprovalField)
  exportApproval: RevealApproval;

  @ApiProperty(separationDaysField)
  separationDays: number;

  static of(settings: InstallationSettings): InstallationResponse {
    const { accountLevel, usernameLookup, phoneLookup, revealApproval, exportApproval, separationDays } =
      settings;
    return { accountLevel, usernameLookup, phoneLookup, revealApproval, exportApproval, separationDays };
  }
}
