import { IdentityTokenError } from './identity-token-error';
import { readAssurance, type IdentityTokenAssurance } from './options';

/** The identity behind a request, as established by the gateway's check. */
export interface IdentityToken {
  /** The account. The same in all applications of the issuer. */
  readonly userId: string;
  /** Undefined where the caller sent init data with the request, without a session. */
  readonly sessionId: string | undefined;
  readonly applicationId: string;
  /** The one of the allowed audiences that the token is for. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /**
   * How hard the proof that opened the session is to forge. Undefined when the issuer is older, or sends an
   * unknown value.
   */
  readonly assurance: IdentityTokenAssurance | undefined;
  /** How the session was opened, such as `telegram-init-data`; empty when the issuer has no record of it. */
  readonly methods: readonly string[];
  /** When a proof of the person was last verified, to the second. Undefined when the issuer is older. */
  readonly authenticatedAt: Date | undefined;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** Unique per token; one token serves many requests. */
  readonly tokenId: string;
}

/** The claims of a JWT, as they were parsed. */
type Claims = Readonly<Record<string, unknown>>;

/** In seconds. Bounds how long services may accept a session that was ended. */
export const MAX_LIFE = 300;

/** A scope token (RFC 6749, section 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The claims of a token whose signature, issuer, audience and time were verified.
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

/** An audience of a token for several could use it at the others. */
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

/** Without control characters: names are written to logs. */
function isName(value: unknown): value is string {
  // oxlint-disable-next-line no-control-regex -- these are what no name has
  return typeof value === 'string' && /^[^\u0000-\u001f\u007f]{1,256}$/.test(value);
}

function methodsIn({ amr = [] }: Claims): readonly string[] {
  if (!Array.isArray(amr) || !amr.every(isName)) throw new IdentityTokenError('claims_invalid');
  return amr;
}

/** Scope tokens with one space between them; may be empty. */
function scopesIn({ scope = '' }: Claims): readonly string[] {
  if (scope === '') return [];
  const scopes = typeof scope === 'string' ? scope.split(' ') : null;
  if (!isScopeList(scopes)) throw new IdentityTokenError('claims_invalid');
  return scopes;
}

function isScope(value: unknown): value is string {
  return typeof value === 'string' && SCOPE.test(value);
}

/** Whether it names at least one scope, and nothing else. */
export function isScopeList(value: unknown): value is readonly [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value.every(isScope);
}
