import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { newEdKey } from './oidc/fake-oidc-keys';
import { signFields, sortedLines, unixSeconds, type FieldList } from './signing/sign-fields';
import { signLoginWidget, type FakeWidgetLogin, type LoginWidgetData } from './signing/sign-login-widget';
import type { TelegramUser } from './telegram-user';

type Environment = 'production' | 'test';

export interface FakeTelegramLaunch {
  readonly botToken: string;
  readonly user: TelegramUser;
  readonly authDate: Date;
  readonly startParam?: string;
  /** A launch from a menu button has it. Without it, the launch comes from a direct link, with a chat instance. */
  readonly queryId?: string;
  /** Further signed fields. A field with a known name replaces that field. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Chooses the Ed25519 key. The default is `production`. */
  readonly environment?: Environment;
  /** Signs with a `hash` only, as Telegram did before Bot API 8.0, and as OpenWeb3 does. */
  readonly omitSignature?: boolean;
}

/** A person who shares their own phone number with a Mini App. */
export interface FakeContact {
  readonly botToken: string;
  readonly userId: number;
  /** The number as Telegram writes it, with a leading `+`. */
  readonly phoneNumber: string;
  readonly firstName: string;
  readonly lastName?: string | undefined;
  readonly authDate: Date;
}

/** Signs as Telegram does, with its own Ed25519 keys. For tests and the demo, never for production. */
export class FakeTelegram {
  readonly publicKeys: Readonly<Record<Environment, KeyObject>>;
  private readonly privateKeys: Readonly<Record<Environment, KeyObject>>;

  /** @param privateKeyPem the key of the production environment in PKCS #8; the default is a new key */
  constructor(privateKeyPem?: string) {
    this.privateKeys = {
      production: privateKeyPem === undefined ? newEdKey() : ed25519Key(privateKeyPem),
      test: newEdKey(),
    };
    this.publicKeys = {
      production: createPublicKey(this.privateKeys.production),
      test: createPublicKey(this.privateKeys.test),
    };
  }

  /** The key of the production environment in 64 hex digits. */
  get publicKeyHex(): string {
    const { x = '' } = this.publicKeys.production.export({ format: 'jwk' });
    return Buffer.from(x, 'base64url').toString('hex');
  }

  /** The key of the production environment in PKCS #8. The constructor accepts it. */
  get privateKeyPem(): string {
    return this.privateKeys.production.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  /** Returns raw init data, as a Mini App finds it in `Telegram.WebApp.initData`. */
  signInitData(launch: FakeTelegramLaunch): string {
    const fields = launchFields(launch);
    if (launch.omitSignature) return signFields(fields, launch.botToken);

    const [botId = ''] = launch.botToken.split(':', 1);
    const signature = this.signatureOf(fields, botId, launch.environment);
    return signFields([...fields, ['signature', signature]], launch.botToken);
  }

  /** Returns the data for the page's callback. `loginWidgetQuery` and `tgAuthResultOf` give the other forms. */
  signLoginWidget(login: FakeWidgetLogin): LoginWidgetData {
    return signLoginWidget(login);
  }

  /** Returns the answer to `requestContact`: fields under the key of init data, with a `contact` and no `user`. */
  signContact(contact: FakeContact): string {
    const json = JSON.stringify({
      user_id: contact.userId,
      phone_number: contact.phoneNumber,
      first_name: contact.firstName,
      last_name: contact.lastName,
    });
    const authDate = unixSeconds(contact.authDate).toString();
    const fields: FieldList = [
      ['contact', json],
      ['auth_date', authDate],
    ];
    return signFields(fields, contact.botToken);
  }

  /** Returns the Ed25519 signature over all of these fields, in unpadded base64url. */
  signatureOf(fields: FieldList, botId: string, environment: Environment = 'production'): string {
    const signed = `${botId}:WebAppData\n${sortedLines(fields)}`;
    return sign(null, Buffer.from(signed), this.privateKeys[environment]).toString('base64url');
  }
}

function launchFields({ user, queryId, startParam, authDate, extra }: FakeTelegramLaunch): FieldList {
  const fields = {
    query_id: queryId,
    user: JSON.stringify(user).replaceAll('/', '\\/'),
    ...(queryId === undefined && { chat_instance: '8134722200314281151', chat_type: 'private' }),
    start_param: startParam,
    auth_date: unixSeconds(authDate).toString(),
    ...extra,
  };
  return Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
}

function ed25519Key(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the private key must be an Ed25519 key');
  return key;
}
