import { PickType } from '@nestjs/swagger';
import { ListOf, Flag, Matching, ObjectOf, Text } from '@countersign/http';
import { XellarAddress, XellarCreateRequest } from './account.dto';

export class XellarTelegramRequest extends PickType(XellarCreateRequest, ['expireDate', 'expiredDate']) {
  @ObjectOf(
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
    'What the Login Widget gave, with all its fields. Needed without `dataString`.',
    { id: '123456789', first_name: 'John', auth_date: '1630510000', hash: 'f1a2' },
    { input: 'optional' },
  )
  data?: object;

  @Text('Of a Mini App, not `data`.', 'user=...&auth_date=...&hash=...', { input: 'optional', max: 8_192 })
  dataString?: string;

  @Matching('Of the bot, without `@`.', 'my_game_bot', { input: 'required', pattern: /^@?\w{1,64}$/ })
  botUsername: string;
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
