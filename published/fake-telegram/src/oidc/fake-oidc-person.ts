import { createHash } from 'node:crypto';
import type { TelegramUser } from '../telegram-user';

/** The person at the browser: `aTelegramUser()`, with a phone number if they share it. */
export type FakeOidcPerson = Pick<
  TelegramUser,
  'id' | 'first_name' | 'last_name' | 'username' | 'photo_url'
> & {
  /** The digits without the leading `+`, as Telegram writes them here. */
  readonly phone_number?: string;
};

/** Claims by name. An undefined claim is left out of the token. */
export type FakeOidcClaims = Readonly<Record<string, unknown>>;

const TOKEN_LIFETIME_SECONDS = 3600;

/** The claims of every token. `sub` differs from `id`, and differs for each client. */
export function tokenClaims(issuer: string, clientId: string, userId: number, now: Date): FakeOidcClaims {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return {
    iss: issuer,
    aud: clientId,
    sub: subjectOf(clientId, userId),
    iat: issuedAt,
    exp: issuedAt + TOKEN_LIFETIME_SECONDS,
    id: userId,
  };
}

export function profileClaims(person: FakeOidcPerson, scopes: readonly string[]): FakeOidcClaims {
  const profile = {
    name: [person.first_name, person.last_name].filter(Boolean).join(' '),
    preferred_username: person.username,
    picture: person.photo_url,
  };
  return {
    ...(scopes.includes('profile') ? profile : {}),
    ...(scopes.includes('phone') ? { phone_number: person.phone_number } : {}),
  };
}

function subjectOf(clientId: string, userId: number): string {
  const digest = createHash('sha256').update(`${clientId} ${userId}`).digest();
  const smallest = 1_000_000_000_000_000_000n;
  return (smallest + (digest.readBigUInt64BE() % (8n * smallest))).toString();
}
