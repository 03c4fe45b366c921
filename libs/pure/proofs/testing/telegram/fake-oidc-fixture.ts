import { parseJwks } from '../../src/telegram/id-token/jwks';
import { verifyIdToken, type IdTokenPolicy } from '../../src/telegram/id-token/id-token';
import { FakeOidcKeys, tokenClaims, type FakeOidcClaims } from '@countersign/fake-telegram';

export const issuer = 'https://oauth.telegram.org';
export const clientId = '123456789';
export const now = new Date(1_760_000_000_000);
export const keys = new FakeOidcKeys();

/** Claims of a token that holds. */
export function someClaims(overrides: FakeOidcClaims = {}): FakeOidcClaims {
  const profile = {
    name: 'Ada Lovelace',
    preferred_username: 'ada',
    picture: 'https://cdn4.telesco.pe/file/a.jpg',
    phone_number: '971577777777',
  };
  return { ...tokenClaims(issuer, clientId, 987_654_321, now), ...profile, ...overrides };
}

/** Of a token that holds but for these claims. */
export function payloadWith(overrides: FakeOidcClaims = {}): string {
  return JSON.stringify(someClaims(overrides));
}

export function policy(overrides: Partial<IdTokenPolicy> = {}): IdTokenPolicy {
  return { keys: parseJwks(keys.jwks), issuer, clientId, nonce: null, now, ...overrides };
}

export function verdict(token: string, overrides: Partial<IdTokenPolicy> = {}): string {
  const result = verifyIdToken(token, policy(overrides));
  return result.ok ? 'accepted' : result.code;
}
