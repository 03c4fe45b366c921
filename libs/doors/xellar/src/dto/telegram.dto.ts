import { ListOf, Flag, Matching, ObjectOf, Text } from '@countersign/http';
import { XellarAddress } from './address.dto';

const EXPIRE_DATE = 'When the tokens of this login end: sooner or later than otherwise, within the session.';

export class XellarTelegramRequest {
  @ObjectOf(
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
    'What the Login Widget gave, with all its fields. Needed without `dataString`.',
    { id: '123456789', first_name: 'John', auth_date: '1630510000', hash: 'f1a2' },
    { input: 'optional' },
  )
  data?: object;

  @Text('The init data of a Mini App, as it is. Needed without `data`.', 'user=...&auth_date=...&hash=...', {
    input: 'optional',
    max: 8_192,
  })
  dataString?: string;

  @Matching('Of the bot, without `@`.', 'my_game_bot', { input: 'required', pattern: /^@?\w{1,64}$/ })
  botUsername: string;

  @Text(EXPIRE_DATE, '2030-01-02', { input: 'optional', max: 40 })
  expireDate?: string;

  @Text('The same, as other clients spell it. The earlier one counts.', '2030-01-02', {
    input: 'optional',
    max: 40,
  })
  expiredDate?: string;
}

export class XellarLoginResponse {
  @Text('For `account/create`, where there is no wallet yet.', 'eyJ...', { optional: true })
  accessToken?: string;

  @Text('For one call of a wallet, where there is one.', 'eyJ...', { optional: true })
  walletToken?: string;

  @Text('For `wallet/refresh`, beside `walletToken`; not in v1.', 'xr_...', { optional: true })
  refreshToken?: string;

  @Flag('Whether the application has a wallet of the person.', true)
  isWalletCreated: boolean;

  @ListOf(XellarAddress, 'Beside `walletToken`; not in v1.', { optional: true })
  addresses?: readonly XellarAddress[];
}
