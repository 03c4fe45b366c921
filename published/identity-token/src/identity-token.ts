import { IdentityTokenError } from './identity-token-error';
import { readAssurance, type IdentityTokenAssurance } from './options';

/** The identity behind a request, which the gateway's check established. */
export interface IdentityToken {
  /** The id of the account. It is the same in all applications of the issuer. */
  readonly userId: string;
  /** It is undefined if the caller sent init data with the request, without a session. */
  readonly sessionId: string | undefined;
  readonly applicationId: string;
  /** The token's audience, which is one of the allowed ones. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /** How hard it is to forge the proof of the session. It is undefined for an older issuer or an unknown value. */
  readonly assurance: IdentityTokenAssurance | undefined;
  /** The login methods, such as `telegram-init-data`. The list is empty if the issuer has no record of them. */
  readonly methods: readonly string[];
  /** The time of the person's last verified proof, to the second. It is undefined for an older issuer. */
  readonly authenticatedAt: Date | undefined;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** The unique id of the token. One token serves many requests. */
  readonly tokenId: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** The limit in seconds. It bounds how long services may accept a session that has ended. */
export const MAX_LIFE = 300;

/** A scope token (RFC 6749, section 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Reads the claims of a token whose signature, issuer, audience and time were verified.
 * @throws IdentityTokenError wrong_audience, claims_invalid, too_long_lived
 */
export function toIdentityToken(claims: Claims): IdentityToken {
  const [issuedAt, expiresAt] = [dateIn(claims, 'iat'), dateIn(claims, 'exp')];
  if (expiresAt <= issuedAt) throw new IdentityTokenError('claims_invalid');
  if (expiresAt.getTime() - issuedAt.getTime() > MAX_LIFE * 1_000)
    throw new IdentityTokenError('too_long_lived');
  return {
    userId: nameIn(claims, 'sub'),
    sessionId: claims['sid'] === undefined ? undefined : nameIn(claims, 'sid'),
    applicationId: nameIn(claims, 'client_id'),
    audience: audienceIn(claims),
    scopes: scopesIn(claims),
    assurance: readAssurance(claims['acr'] === undefined ? undefined : nameIn(claims, 'acr')),
    methods: methodsIn(claims),
    authenticatedAt: claims['auth_time'] === undefined ? undefined : dateIn(claims, 'auth_time'),
    issuedAt,
    expiresAt,
    tokenId: nameIn(claims, 'jti'),
  };
}

/** If a token had several audiences, one of them could use it at the others. */
function audienceIn({ aud }: Claims): string {
  const [audience, ...others] = [aud].flat();
  if (typeof audience !== 'string' || others.length > 0) throw new IdentityTokenError('wrong_audience');
  return audience;
}

function dateIn(claims: Claims, name: string): Date {
  const seconds = claims[name];
  const date = new Date(Number.isSafeInteger(seconds) ? (seconds as number) * 1_000 : NaN);
  if (Number.isNaN(date.getTime())) throw new IdentityTokenError('claims_invalid');
  return date;
}

function nameIn(claims: Claims, name: string): string {
  const value = claims[name];
  if (!isName(value)) throw new IdentityTokenError('claims_invalid');
  return value;
}

/** Refuses control characters, because logs contain the names. */
function isName(value: unknown): value is string {
  // oxlint-disable-next-line no-control-regex -- these are what no name has
  return typeof value === 'string' && /^[^\u0000-\u001f\u007f]{1,256}$/.test(value);
}

function methodsIn({ amr = [] }: Claims): readonly string[] {
  if (!Array.isArray(amr) || !amr.every(isName)) throw new IdentityTokenError('claims_invalid');
  return amr;
}

function scopesIn({ scope = '' }: Claims): readonly string[] {
  if (scope === '') return [];
  const scopes = typeof scope === 'string' ? scope.split(' ') : null;
  if (!isScopeList(scopes)) throw new IdentityTokenError('claims_invalid');
  return scopes;
}

function isScope(value: unknown): value is string {
  return typeof value === 'string' && SCOPE.test(value);
}

export function isScopeList(value: unknown): value is readonly [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value.every(isScope);
}
