import { ID_TOKEN_ALGORITHMS } from '@countersign/proofs';
import type { FakeOidc } from '../oidc/fake-oidc';
import type { FakeOidcClient } from '../oidc/fake-oidc-authorize';
import type { FakeOidcAlgorithm } from '../oidc/fake-oidc-keys';
import type { FakeOidcPerson } from '../oidc/fake-oidc-person';
import type { FakeTelegram, FakeTelegramLaunch } from '../fake-telegram';
import { FakeTelegramInputError, membersOf, type Shape } from './server-input';
import { loginWidgetQuery, tgAuthResultOf } from '../signing/sign-login-widget';
import { aTelegramUser, type TelegramUser } from '../telegram-user';

interface FakeTelegramSigners {
  readonly telegram: FakeTelegram;
  readonly oidc: FakeOidc;
  readonly now: () => Date;
}

/** Receives the parsed body and returns the JSON of the answer. `null` gives an empty answer. */
type Endpoint = (signers: FakeTelegramSigners, body: unknown) => object | null;

export const ADA: TelegramUser = aTelegramUser({ id: 7_000_000_002, username: 'ada_demo' });

const NAMES = {
  id: 'number?',
  first_name: 'text?',
  last_name: 'text?',
  username: 'text?',
  photo_url: 'text?',
} as const;
const USER = { ...NAMES, language_code: 'text?', is_premium: 'flag?', allows_write_to_pm: 'flag?' } as const;
const SIGNED = { botToken: 'text', user: 'object?', authDate: 'instant?' } as const;

type Signed = Pick<FakeTelegramLaunch, 'botToken' | 'user' | 'authDate'>;

export const fakeTelegramEndpoints: Readonly<Record<string, Endpoint>> = {
  'POST /init-data': ({ telegram, now }, body) => {
    const more = { startParam: 'text?', queryId: 'text?', extra: 'object?', omitSignature: 'flag?' } as const;
    return { initData: telegram.signInitData(signed(body, more, now)) };
  },

  'POST /login-widget': ({ telegram, now }, body) => {
    const data = telegram.signLoginWidget(signed(body, { extra: 'object?' }, now));
    return { data, query: loginWidgetQuery(data), tgAuthResult: tgAuthResultOf(data) };
  },

  'POST /contact': ({ telegram, now }, body) => {
    const wanted = signed(body, { phoneNumber: 'text' }, now) as Signed & { readonly phoneNumber: string };
    const { id: userId, first_name: firstName, last_name: lastName } = wanted.user;
    return { contact: telegram.signContact({ ...wanted, userId, firstName, lastName }) };
  },

  'POST /oidc/clients': ({ oidc }, body) => {
    const shape = {
      clientId: 'text',
      clientSecret: 'text',
      redirectUris: 'texts',
      algorithm: 'text?',
    } as const;
    const client = membersOf(body, shape) as FakeOidcClient;
    oidc.registerClient({ ...client, algorithm: algorithmOf(client.algorithm) });
    return null;
  },

  'POST /oidc/person': ({ oidc }, body) => {
    oidc.nextPerson = body === null ? null : personOf(body);
    return null;
  },

  'POST /id-token': ({ oidc }, body) => {
    const shape = {
      clientId: 'text',
      user: 'object?',
      scopes: 'texts?',
      algorithm: 'text?',
      claims: 'object?',
    } as const;
    const { clientId, user, scopes, algorithm, claims } = membersOf(body, shape) as IdTokenWanted;
    const known = oidc.claimsFor(clientId, user ? personOf(user) : ADA, scopes);
    return { idToken: oidc.issueIdToken({ ...known, ...claims }, algorithmOf(algorithm)) };
  },
};

interface IdTokenWanted {
  readonly clientId: string;
  readonly user?: object;
  readonly scopes?: string[];
  readonly algorithm?: string;
  readonly claims?: object;
}

/** Creates a new person if the body has no id. */
function signed(body: unknown, more: Shape, now: () => Date): Signed {
  const { botToken, user, authDate, ...given } = membersOf(body, { ...SIGNED, ...more }) as {
    readonly botToken: string;
    readonly user?: object;
    readonly authDate?: string;
  };
  if (!/^\d+:./.test(botToken)) throw new FakeTelegramInputError('botToken must read <bot id>:<secret>');
  return {
    ...given,
    botToken,
    user: user ? aTelegramUser(membersOf(user, USER, 'user')) : ADA,
    authDate: authDate === undefined ? now() : new Date(authDate),
  };
}

function personOf(body: unknown): FakeOidcPerson {
  return aTelegramUser(membersOf(body, { ...NAMES, phone_number: 'text?' }, 'the person'));
}

function algorithmOf(name = 'RS256'): FakeOidcAlgorithm {
  const found = ID_TOKEN_ALGORITHMS.find((algorithm) => algorithm === name);
  if (found) return found;
  throw new FakeTelegramInputError(`algorithm must be one of ${[...ID_TOKEN_ALGORITHMS].join(', ')}`);
}
