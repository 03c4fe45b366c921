import { isName, readJsonObject } from './encoding';
import { IdentityTokenError } from './identity-token-error';
import { isAtLeast, readAssurance, type IdentityTokenAssurance, type Policy } from './options';

/** Who is behind a request, as the gateway's check found it. */
export interface IdentityToken {
  /** The account. The same in all applications of the issuer. */
  readonly userId: string;
  readonly sessionId: string;
  readonly applicationId: string;
  /** The one of the allowed audiences that the token is for. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /** How hard the proof that opened the session is to forge. Undefined when the issuer is older, or has a word of its own. */
  readonly assurance: IdentityTokenAssurance | undefined;
  /** How the session was opened, such as `telegram-init-data`; empty when the issuer does not remember it. */
  readonly methods: readonly string[];
  /** When a proof of the person was last verified, to the second. Undefined when the issuer is older. */
  readonly authenticatedAt: Date | undefined;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** Another one for each token; one token serves many requests. */
  readonly tokenId: string;
}

type Claims = ReadonlyMap<string, unknown>;

/** In seconds. What promises how long a session that was ended may still be served. */
const LONGEST_LIFE = 300;

/** A list of scope tokens (RFC 6749, section 3.3), or nothing. */
const SCOPE = /^([\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*)?$/;

/**
 * Reads the payload of a token whose signature is right.
 * @throws IdentityTokenError
 */
export function readIdentityToken(payload: Uint8Array, policy: Policy): IdentityToken {
  const claims = readJsonObject(payload);
  if (!claims) throw new IdentityTokenError('claims_invalid');
  if (claims.get('iss') !== policy.issuer) throw new IdentityTokenError('wrong_issuer');
  const audience = readAudience(claims, policy.audiences);
  const { issuedAt, expiresAt } = readLife(claims, policy);
  const assurance = readAssurance(claims.has('acr') ? readName(claims, 'acr') : undefined);
  const identity: IdentityToken = {
    userId: readName(claims, 'sub'),
    sessionId: readName(claims, 'sid'),
    applicationId: readName(claims, 'client_id'),
    audience,
    scopes: readScopes(claims),
    assurance,
    methods: readMethods(claims),
    authenticatedAt: claims.has('auth_time') ? new Date(readTime(claims, 'auth_time') * 1_000) : undefined,
    issuedAt,
    expiresAt,
    tokenId: readName(claims, 'jti'),
  };
  // Behind everything else: whoever is refused for it has shown who they are.
  if (policy.leastAssurance && !isAtLeast(assurance, policy.leastAssurance))
    throw new IdentityTokenError('assurance_too_low');
  return identity;
}

/** A token for several could be used by each of them at the others. */
function readAudience(claims: Claims, allowed: readonly string[]): string {
  const said = claims.get('aud');
  const named: readonly unknown[] = Array.isArray(said) ? said : [said];
  const audience = allowed.find((each) => each === named[0]);
  if (audience === undefined || named.length > 1) throw new IdentityTokenError('wrong_audience');
  return audience;
}

function readLife(claims: Claims, policy: Policy): Pick<IdentityToken, 'issuedAt' | 'expiresAt'> {
  const issuedAt = readTime(claims, 'iat');
  const expiresAt = readTime(claims, 'exp');
  const notBefore = claims.has('nbf') ? readTime(claims, 'nbf') : issuedAt;
  if (expiresAt <= issuedAt) throw new IdentityTokenError('claims_invalid');
  if (expiresAt - issuedAt > LONGEST_LIFE) throw new IdentityTokenError('too_long_lived');

  const now = policy.now().getTime() / 1_000;
  if (Number.isNaN(now)) throw new RangeError('now() answers no time');
  const { clockTolerance } = policy;
  if (Math.max(issuedAt, notBefore) > now + clockTolerance) throw new IdentityTokenError('not_yet_valid');
  if (expiresAt <= now - clockTolerance) throw new IdentityTokenError('expired');
  return { issuedAt: new Date(issuedAt * 1_000), expiresAt: new Date(expiresAt * 1_000) };
}

function readTime(claims: Claims, name: string): number {
  const seconds = claims.get(name);
  if (Number.isSafeInteger(seconds)) return seconds as number;
  throw new IdentityTokenError('claims_invalid');
}

function readName(claims: Claims, name: string): string {
  const value = claims.get(name);
  if (isName(value)) return value;
  throw new IdentityTokenError('claims_invalid');
}

function readMethods(claims: Claims): readonly string[] {
  const methods: unknown = claims.get('amr') ?? [];
  if (Array.isArray(methods) && methods.every(isName)) return methods;
  throw new IdentityTokenError('claims_invalid');
}

function readScopes(claims: Claims): readonly string[] {
  const scope = claims.get('scope') ?? '';
  if (typeof scope !== 'string' || !SCOPE.test(scope)) throw new IdentityTokenError('claims_invalid');
  return scope === '' ? [] : scope.split(' ');
}
