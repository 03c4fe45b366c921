import { ApiProperty } from '@nestjs/swagger';
import { StartLinkResponse } from '@countersign/applications';

export class ReferralCodeResponse {
  @ApiProperty({
    description: '12 letters and digits that are not mixed up. The same at each call.',
    example: 'k7m2qd9xw4ht',
  })
  code: string;

  @ApiProperty({
    type: [StartLinkResponse],
    description: 'For each active bot of the application in Telegram’s production environment.',
  })
  links: readonly StartLinkResponse[];
}
