import { ApiProperty } from '@nestjs/swagger';
import { StartLinkResponse } from '@countersign/applications';
import { Count, Integer, ListOf, Text } from '@countersign/http';

export class ReferralCodeResponse {
  @Text('12 letters and digits that are not mixed up. The same at each call.', 'k7m2qd9xw4ht')
  code: string;

  @ListOf(StartLinkResponse, 'For each active bot of the application in Telegram’s production environment.')
  links: readonly StartLinkResponse[];
}

class ReferralLevelResponse {
  @Integer('1 for people whom the person referred.', 1, { min: 1, max: 10 })
  level: number;

  @Count('How many people are on the level.', 12)
  count: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The fraction of a reward for this level, by the settings; `null` where they name none.',
    example: 0.1,
  })
  fraction: number | null;
}

export class ReferralsResponse {
  @ListOf(ReferralLevelResponse, 'Ten levels, nearest first.')
  levels: readonly ReferralLevelResponse[];

  @Count('The sum of all levels.', 34)
  total: number;
}
