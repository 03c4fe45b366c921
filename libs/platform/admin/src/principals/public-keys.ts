import { importJWK, type JWK } from 'jose';
import { requestError } from '@countersign/http';
import type { PublicKeyJwk } from './principal.entity';

/** What client assertions may be signed with. */
export const assertionAlgorithms = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];

export const MAX_KEYS = 10;
/** Members of private and symmetric keys, RFC 7518 section 6. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MIN_RSA_BYTES = 256;

/**
 * Accepts only public keys for one of `assertionAlgorithms`, each with a `kid` of its own.
 * @throws AppError request.invalid
 */
export async function assertPublicKeys(keys: readonly PublicKeyJwk[]): Promise<void> {
  if (keys.length > MAX_KEYS) throw refused('keys', `must be at most ${MAX_KEYS}`);
  for (const [index, key] of keys.entries()) {
    const problem = await problemOf(key);
    if (problem !== null) throw refused(`keys[${index}]`, problem);
  }
  if (new Set(keys.map((key) => (key as JWK).kid)).size < keys.length)
    throw refused('keys', 'must differ in `kid`');
}

async function problemOf(given: PublicKeyJwk): Promise<string | null> {
  const key = given as Readonly<Record<string, unknown>>;
  if (PRIVATE_MEMBERS.some((member) => member in key)) return 'must be a public key';
  if (typeof key['kid'] !== 'string' || key['kid'] === '' || key['kid'].length > 200)
    return 'must have a `kid`';
  if (typeof key['alg'] !== 'string' || !assertionAlgorithms.includes(key['alg']))
    return `must have one of these as \`alg\`: ${assertionAlgorithms.join(', ')}`;
  if (typeof key['n'] === 'string' && Buffer.from(key['n'], 'base64url').length < MIN_RSA_BYTES)
    return 'must have at least 2048 bits';
  const imported = await importJWK(key as JWK, key['alg']).catch(() => null);
  return imported === null || imported instanceof Uint8Array ? 'is not a key' : null;
}

function refused(path: string, detail: string): Error {
  return requestError('request.invalid', { fields: [{ path, code: 'jwk', detail }] });
}
