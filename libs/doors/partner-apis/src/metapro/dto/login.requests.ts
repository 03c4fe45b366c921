import { PickType } from '@nestjs/swagger';
import { Flag, Id, Matching, ObjectOf, Text } from '@countersign/http';

const UUID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';

export class ProjectQuery {
  @Id('The application. May be left out while one application uses this API.', UUID, { input: 'optional' })
  projectId?: string;
}

class ProjectRequest extends ProjectQuery {
  @Text('Read, and used for nothing.', null, { input: 'optional', max: 100 })
  platformId?: string;

  @Text('The code of the referrer.', 'k7m2qd9xw4ht', { input: 'optional', max: 64, pattern: /^[\w-]*$/ })
  referralCode?: string;
}

export class MetaproTelegramLoginRequest extends ProjectRequest {
  @ObjectOf(true, 'Of `initDataUnsafe`; its `id` is compared.', { id: 279058397 }, { input: 'optional' })
  telegramSimpleData?: Record<string, unknown>;

  @Text('`Telegram.WebApp.initData`.', 'user=...&auth_date=...&hash=...', { input: 'required', max: 8_192 })
  telegramSimpleString: string;

  @Matching('The bot of the Mini App.', 'my_game_bot', { input: 'required', pattern: /^@?\w{1,64}$/ })
  telegramBotName: string;
}

export class MetaproLegacyLoginRequest extends ProjectRequest {
  @Text('An EVM wallet.', '0x9858effd232b4033e47d90003d41ec34ecaeda94', { input: 'required', max: 135 })
  wallet: string;

  @Matching('By `personal_sign`.', '0x5f1c', { input: 'required', pattern: /^[0-9A-Za-z]{4,1500}$/ })
  signature: string;
}

export class MetaproWalletLoginRequest extends MetaproLegacyLoginRequest {
  @Flag('Needed at the first login to the project.', true, { input: 'optional' })
  rulesChecked?: boolean;
}

export class MetaproNewAddressRequest extends PickType(MetaproLegacyLoginRequest, ['wallet', 'signature']) {
  @Flag('For a wallet of another account: its error has a `joinLink`.', true, { input: 'optional' })
  merge?: boolean;
}
