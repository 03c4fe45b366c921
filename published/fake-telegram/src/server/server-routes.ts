import { ID_TOKEN_ALGORITHMS, present } from '@countersign/telegram';
import type { FakeOidc } from '../oidc/fake-oidc';
import type { FakeOidcAlgorithm } from '../oidc/fake-oidc-keys';
import type { FakeOidcPerson } from '../oidc/fake-oidc-person';
import type { FakeTelegram } from '../fake-telegram';
import { BodyReader, FakeTelegramInputError } from './server-input';
import { loginWidgetQuery, tgAuthResultOf } from '../signing/sign-login-widget';
import { aTelegramUser, type TelegramUser } from '../telegram-user';

/** What signs, and by which clock. */
interface FakeTelegramSigners {
  readonly telegram: FakeTelegram;
  readonly oidc: FakeOidc;
  readonly now: () => Date;
}

/** Takes the parsed body and answers what goes out as JSON; nothing for null. */
type Endpoint = (signers: FakeTelegramSigners, body: unknown) => object | null;

/** The default user. */
export const ADA: TelegramUser = aTelegramUser({ id: 7_000_000_002, username: 'ada_demo' });

const USER = [
  'id',
  'first_name',
  'last_name',
  'username',
  'language_code',
  'is_premium',
  'allows_write_to_pm',
  'photo_url',
];
const PERSON = ['id', 'first_name', 'last_name', 'username', 'photo_url', 'phone_number'];
const SIGNED = ['botToken', 'user', 'authDate'];

export const fakeTelegramEndpoints: Readonly<Record<string, Endpoint>> = {
  'POST /init-data': ({ telegram, now }, body) => {
    const read = BodyReader.of(body, [...SIGNED, 'startParam', 'queryId', 'extra', 'omitSignature']);
    const initData = telegram.signInitData({
      ...signedBy(read, now),
      ...present({
        startParam: read.optional('startParam', read.text),
        queryId: read.optional('queryId', read.text),
        extra: read.optional('extra', read.textMembers),
        omitSignature: read.optional('omitSignature', read.flag),
      }),
    });
    return { initData };
  },

  'POST /login-widget': ({ telegram, now }, body) => {
    const read = BodyReader.of(body, [...SIGNED, 'extra']);
    const extra = read.optional('extra', read.textMembers);
    const data = telegram.signLoginWidget({ ...signedBy(read, now), ...present({ extra }) });
    return { data, query: loginWidgetQuery(data), tgAuthResult: tgAuthResultOf(data) };
  },

  'POST /contact': ({ telegram, now }, body) => {
    const read = BodyReader.of(body, [...SIGNED, 'phoneNumber']);
    const { botToken, user, authDate } = signedBy(read, now);
    const contact = telegram.signContact({
      botToken,
      authDate,
      userId: user.id,
      phoneNumber: read.text('phoneNumber'),
      firstName: user.first_name,
      ...present({ lastName: user.last_name }),
    });
    return { contact };
  },

  'POST /oidc/clients': ({ oidc }, body) => {
    const read = BodyReader.of(body, ['clientId', 'clientSecret', 'redirectUris', 'algorithm']);
    const algorithm = read.optional('algorithm', read.text);
    oidc.registerClient({
      clientId: read.text('clientId'),
      clientSecret: read.text('clientSecret'),
      redirectUris: read.texts('redirectUris'),
      ...(algorithm === undefined ? {} : { algorithm: algorithmOf(algorithm) }),
    });
    return null;
  },

  'POST /oidc/person': ({ oidc }, body) => {
    oidc.nextPerson = body === null ? null : personOf(body);
    return null;
  },

  'POST /id-token': ({ oidc }, body) => {
    const read = BodyReader.of(body, ['clientId', 'user', 'scopes', 'algorithm', 'claims']);
    const person = read.optional('user', (name) => personOf(read.object(name))) ?? ADA;
    const scopes = read.optional('scopes', read.texts) ?? ['openid', 'profile'];
    const claims = {
      ...oidc.claimsFor(read.text('clientId'), person, [...scopes]),
      ...read.optional('claims', read.object),
    };
    return { idToken: oidc.issueIdToken(claims, algorithmOf(read.optional('algorithm', read.text))) };
  },
};

function signedBy(
  read: BodyReader,
  now: () => Date,
): { readonly botToken: string; readonly user: TelegramUser; readonly authDate: Date } {
  const botToken = read.text('botToken');
  if (!/^\d+:./.test(botToken)) throw new FakeTelegramInputError('botToken must read <bot id>:<secret>');
  return {
    botToken,
    user: read.optional('user', (name) => userOf(read.object(name))) ?? ADA,
    authDate: read.optional('authDate', read.date) ?? now(),
  };
}

/** A new person when no id is given. */
function userOf(body: object): TelegramUser {
  const read = BodyReader.of(body, USER, 'user');
  return aTelegramUser(
    present({
      ...namesOf(read),
      language_code: read.optional('language_code', read.text),
      is_premium: read.optional('is_premium', read.flag),
      allows_write_to_pm: read.optional('allows_write_to_pm', read.flag),
    }),
  );
}

function personOf(body: unknown): FakeOidcPerson {
  const read = BodyReader.of(body, PERSON, 'the person');
  const phone = { phone_number: read.optional('phone_number', read.text) };
  return { ...aTelegramUser(present(namesOf(read))), ...present(phone) };
}

function namesOf(read: BodyReader): {
  [K in 'id' | 'first_name' | 'last_name' | 'username' | 'photo_url']: TelegramUser[K] | undefined;
} {
  return {
    id: read.optional('id', read.number),
    first_name: read.optional('first_name', read.text),
    last_name: read.optional('last_name', read.text),
    username: read.optional('username', read.text),
    photo_url: read.optional('photo_url', read.text),
  };
}

function algorithmOf(name = 'RS256'): FakeOidcAlgorithm {
  const found = ID_TOKEN_ALGORITHMS.find((algorithm) => algorithm === name);
  if (!found)
    throw new FakeTelegramInputError(`algorithm must be one of ${[...ID_TOKEN_ALGORITHMS].join(', ')}`);
  return found;
}
