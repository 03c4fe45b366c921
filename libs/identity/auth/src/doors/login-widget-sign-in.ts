import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsString } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { MAX_LOGIN_WIDGET_BYTES } from '@countersign/telegram';
import { BotSignInRequest, ReferralCodeField } from './sign-in-request';

export const EXAMPLE_LOGIN = {
  data: { id: 279058397, first_name: 'Vladislav', auth_date: 1763625600, hash: '...' },
  query: 'id=279058397&first_name=Vladislav&auth_date=1763625600&hash=...',
  tgAuthResult: 'eyJpZCI6Mjc5MDU4Mzk3fQ',
};

/** Exactly one of `data`, `query` and `tgAuthResult`. */
export class LoginWidgetSignIn extends BotSignInRequest {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    description: 'What the callback of the Login Widget received.',
    example: EXAMPLE_LOGIN.data,
  })
  @MayBeAbsent()
  @IsObject()
  data?: object;

  @ApiPropertyOptional({
    description: 'The query string of the page that the Login Widget or a LoginUrl button opened.',
    maxLength: MAX_LOGIN_WIDGET_BYTES,
    example: EXAMPLE_LOGIN.query,
  })
  @MayBeAbsent()
  @IsString()
  query?: string;

  @ApiPropertyOptional({
    description: 'The value of `tgAuthResult` in the fragment of the page.',
    maxLength: MAX_LOGIN_WIDGET_BYTES,
    example: EXAMPLE_LOGIN.tgAuthResult,
  })
  @MayBeAbsent()
  @IsString()
  tgAuthResult?: string;

  @ReferralCodeField()
  referralCode?: string;
}
