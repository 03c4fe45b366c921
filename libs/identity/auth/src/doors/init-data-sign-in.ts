import { BOT_ID } from '@countersign/applications';
import { type FieldOptions, Matching, Text } from '@countersign/http';
import { MAX_INIT_DATA_BYTES } from '@countersign/telegram';
import { BOT_ID_MESSAGE, BotSignInRequest, SignInRequest } from './sign-in-request';

export const EXAMPLE_INIT_DATA =
  'user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%7D&auth_date=1763625600&signature=...&hash=...';

function InitDataProperty(options?: FieldOptions): PropertyDecorator {
  return Text('The init data of the Mini App as it is, at most 8 KiB.', EXAMPLE_INIT_DATA, {
    schema: { maxLength: MAX_INIT_DATA_BYTES },
    ...options,
  });
}

export class InitDataSignIn extends BotSignInRequest {
  @InitDataProperty({ input: 'required' })
  initData: string;
}

export class ThirdPartyInitDataSignIn extends SignInRequest {
  @InitDataProperty({ input: 'required' })
  initData: string;

  @Matching('The bot that launched the Mini App.', '7342037359', {
    input: 'required',
    pattern: BOT_ID,
    message: BOT_ID_MESSAGE,
  })
  botId: string;
}
