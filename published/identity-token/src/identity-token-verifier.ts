import { errors, jwtVerify } from 'jose';
import { IdentityTokenError, type IdentityTokenErrorCode } from './identity-token-error';
import { MAX_LIFE, toIdentityToken, type IdentityToken } from './identity-token';
import { IssuerKeys } from './issuer-keys';
import { isAtLeast, readOptions, type IdentityTokenOptions, type Policy } from './options';

/** Only identity tokens have this `typ` (RFC 8725, section 3.11). */
const TYPE = 'countersign-identity+jwt';

/** The limit in characters. Identity tokens have about six hundred. */
const MAX_LENGTH = 8_192;

/** The tolerated clock difference in seconds. */
const CLOCK_TOLERANCE = 5;

export interface IdentityTokenVerifier {
  /**
   * Verifies a token. A token can cause no other error than an `IdentityTokenError`.
   * @param token the value of `X-Identity-Token`, as received from the HTTP server
   * @throws IdentityTokenError (as a rejection)
   */
  verify(token: string | readonly string[] | null | undefined): Promise<IdentityToken>;
}

/**
 * Creates a verifier for reuse. It fetches and caches the issuer's keys.
 * @throws TypeError or RangeError without issuer or audience, or for values that would weaken the check
 */
export function createIdentityTokenVerifier(options: IdentityTokenOptions): IdentityTokenVerifier {
  const policy = readOptions(options);
  const keys = new IssuerKeys(policy);
  return { verify: (token) => verify(token, policy, keys) };
}

async function verify(token: unknown, policy: Policy, keys: IssuerKeys): Promise<IdentityToken> {
  if (token === undefined || token === null || token === '') throw new IdentityTokenError('missing');
  // A repeated header arrives as a list. At least one of its values is not the gateway's.
  if (typeof token !== 'string' || token.length > MAX_LENGTH || !token.split('.').every(isCanonical)) {
    throw new IdentityTokenError('malformed');
  }
  const { payload } = await jwtVerify(token, keys.find, {
    typ: TYPE,
    algorithms: [...policy.algorithms],
    issuer: policy.issuer,
    audience: [...policy.audiences],
    requiredClaims: ['exp'],
    maxTokenAge: MAX_LIFE,
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: policy.now(),
  }).catch((error: unknown) => {
    throw error instanceof errors.JOSEError ? new IdentityTokenError(codeFor(error)) : error;
  });
  const identity = toIdentityToken(payload);
  // This check is last, because its error reveals that the token is valid.
  if (policy.leastAssurance && !isAtLeast(identity.assurance, policy.leastAssurance)) {
    throw new IdentityTokenError('assurance_too_low');
  }
  return identity;
}

/** Base64url has several spellings of the same bytes, and decoders accept all of them. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function codeFor(error: errors.JOSEError): IdentityTokenErrorCode {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm_refused';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature_invalid';
  if (error instanceof errors.JWTInvalid) return 'claims_invalid';
  const isOfClaim = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed;
  if (!isOfClaim) return 'malformed';
  const { claim, reason } = error;
  if (claim === 'typ') return 'wrong_type';
  if (claim === 'iss') return 'wrong_issuer';
  if (claim === 'aud') return 'wrong_audience';
  if (reason !== 'check_failed') return 'claims_invalid';
  return error instanceof errors.JWTExpired ? 'expired' : 'not_yet_valid';
}
