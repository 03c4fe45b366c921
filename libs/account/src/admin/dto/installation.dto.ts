import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { accountLevels, type AccountLevel } from '@countersign/users';

const accountLevelField = {
  description:
    'How strong a proof has to be for what concerns the whole account, where the account has no identity that can reach ' +
    '`platform`. `bot-token` lets the holder of a bot token take over such accounts.',
  enum: [...accountLevels],
  enumName: 'AccountLevel',
  example: 'platform',
};

export class ChangeInstallationRequest {
  @ApiPropertyOptional(accountLevelField)
  @MayBeAbsent()
  @IsIn(accountLevels)
  accountLevel?: AccountLevel;
}

export class InstallationResponse {
  @ApiProperty(accountLevelField)
  accountLevel: AccountLevel;

  static of(accountLevel: AccountLevel): InstallationResponse {
    return { accountLevel };
  }
}
