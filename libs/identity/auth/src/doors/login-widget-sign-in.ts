import { ObjectOf, Text } from '@countersign/http';
import { MAX_LOGIN_WIDGET_BYTES } from '@countersign/telegram';
import { BotSignInRequest, ReferralCodeField } from './sign-in-request';

export const EXAMPLE_LOGIN = {
  data: { id: 279058397, first_name: 'Vladislav', auth_date: 1763625600, hash: '...' },
  query: 'id=279058397&first_name=Vladislav&auth_date=1763625600&hash=...',
  tgAuthResult: 'eyJpZCI6Mjc5MDU4Mzk3fQ',
};

/** Exactly one of `data`, `query` and `tgAuthResult`. */
export class LoginWidgetSignIn extends BotSignInRequest {
  @ObjectOf(
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
    'What the callback of the Login Widget received.',
    EXAMPLE_LOGIN.data,
    { input: 'optional' },
  )
  data?: object;

  @Text(
    'The query string of the page that the Login Widget or a LoginUrl button opened.',
    EXAMPLE_LOGIN.query,
    { input: 'optional', schema: { maxLength: MAX_LOGIN_WIDGET_BYTES } },
  )
  query?: string;

  @Text(
    'The value of `tgAuthResult` in the fragment of the page: base64 of either alphabet, padded or not.',
    EXAMPLE_LOGIN.tgAuthResult,
    {
      input: 'optional',
      schema: { maxLength: MAX_LOGIN_WIDGET_BYTES },
    },
  )
  tgAuthResult?: string;

  @ReferralCodeField()
  referralCode?: string;
}
