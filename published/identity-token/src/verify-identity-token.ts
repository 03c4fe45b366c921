import type { IdentityToken } from './identity-token';
import { createIdentityTokenVerifier, type IdentityTokenVerifier } from './identity-token-verifier';
import type { IdentityTokenOptions, IdentityTokenSettings } from './options';

/** Functions cannot be part of a cache key: callers with functions create their own verifier. */
type PlainSettings = IdentityTokenSettings &
  Partial<Record<Exclude<keyof IdentityTokenOptions, keyof IdentityTokenSettings>, never>>;

const MAX_VERIFIERS = 32;

/** By settings, the most recently used last. */
const verifiers = new Map<string, IdentityTokenVerifier>();

/**
 * Verifies a token. Calls with equal settings share the keys of the issuer, which are fetched with the first
 * token.
 *
 * @param token the value of `X-Identity-Token`, as received from the HTTP server
 * @throws IdentityTokenError
 * @throws TypeError or RangeError for settings without issuer or audience, or with values that would weaken
 * the check
 */
export async function verifyIdentityToken(
  token: string | readonly string[] | null | undefined,
  settings: PlainSettings,
): Promise<IdentityToken> {
  return verifierFor(settings).verify(token);
}

function verifierFor(settings: PlainSettings): IdentityTokenVerifier {
  const entries = Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.some(([, value]) => typeof value === 'function')) {
    throw new TypeError('verifyIdentityToken() takes no functions: use createIdentityTokenVerifier()');
  }
  const name = JSON.stringify(entries);
  const verifier = verifiers.get(name) ?? createIdentityTokenVerifier(settings);
  verifiers.delete(name);
  verifiers.set(name, verifier);
  const [oldest] = verifiers.keys();
  if (verifiers.size > MAX_VERIFIERS && oldest !== undefined) verifiers.delete(oldest);
  return verifier;
}
