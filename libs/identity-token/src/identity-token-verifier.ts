import { compactVerify } from 'jose';
import { readJwsHeader } from './compact-jws';
import { isName } from './encoding';
import { readIdentityToken, type IdentityToken } from './identity-token';
import { IdentityTokenError } from './identity-token-error';
import { KeyKeeper } from './key-keeper';
import { readOptions, type IdentityTokenOptions, type Policy } from './options';
import type { PublishedKey } from './published-keys';

/** What no other kind of token says in its header (RFC 8725, section 3.11). */
const TYPE = 'countersign-identity+jwt';

export interface IdentityTokenVerifier {
  /**
   * Says who is behind a token, or refuses it. No token makes it throw anything else than an `IdentityTokenError`.
   *
   * @param token the value of `X-Identity-Token`, as the HTTP server hands it over
   * @throws IdentityTokenError (as a rejection)
   */
  verify(token: string | readonly string[] | null | undefined): Promise<IdentityToken>;
}

/**
 * Keep what it returns: it keeps the keys of the issuer, which it asks for when the first token comes.
 *
 * @throws TypeError or RangeError for options without issuer or audience, or which would check something else than
 *   was meant
 */
export function createIdentityTokenVerifier(options: IdentityTokenOptions): IdentityTokenVerifier {
  const policy = readOptions(options);
  const keys = new KeyKeeper(policy);
  return { verify: (token) => verify(token, policy, keys) };
}

async function verify(token: unknown, policy: Policy, keys: KeyKeeper): Promise<IdentityToken> {
  if (token === undefined || token === null || token === '') throw new IdentityTokenError('missing');
  // Several headers of the name: somebody besides the gateway has sent one.
  if (typeof token !== 'string') throw new IdentityTokenError('malformed');

  const { type, algorithm, keyId } = readJwsHeader(token);
  if (type !== TYPE) throw new IdentityTokenError('wrong_type');
  if (!policy.algorithms.some((allowed) => allowed === algorithm)) {
    throw new IdentityTokenError('algorithm_refused');
  }
  if (!isName(keyId)) throw new IdentityTokenError('malformed');
  const key = await keys.find(keyId);
  if (key.algorithm !== algorithm) throw new IdentityTokenError('algorithm_refused');
  return readIdentityToken(await readSigned(token, key), policy);
}

async function readSigned(token: string, { algorithm, key }: PublishedKey): Promise<Uint8Array> {
  try {
    return (await compactVerify(token, key, { algorithms: [algorithm] })).payload;
  } catch {
    throw new IdentityTokenError('signature_invalid');
  }
}
