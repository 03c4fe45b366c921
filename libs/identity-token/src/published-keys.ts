import { importJWK, type CryptoKey, type JWK } from 'jose';
import { isName, membersOf } from './encoding';
import type { IdentityTokenAlgorithm } from './options';

/** A public key and the one algorithm that it may be used with. */
export interface PublishedKey {
  readonly algorithm: IdentityTokenAlgorithm;
  readonly key: CryptoKey;
}

/** By key id. */
export type PublishedKeys = ReadonlyMap<string, PublishedKey>;

type Members = ReadonlyMap<string, unknown>;

const MOST_KEYS = 32;

/** Of private and of symmetric keys (RFC 7518, section 6): what has them is a secret no longer. */
const SECRET_MEMBERS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

/**
 * Reads a JSON Web Key Set (RFC 7517). Left out is every key that is of no use here, or could be taken differently by
 * somebody else: of another kind, private, symmetric, for something else than signatures, one whose `alg` contradicts
 * what it is, and all that share a key id.
 * @throws TypeError for what is no set of at most 32 keys
 */
export async function readPublishedKeys(document: unknown): Promise<PublishedKeys> {
  const entries: unknown = membersOf(document)?.get('keys');
  if (!Array.isArray(entries) || entries.length > MOST_KEYS) throw new TypeError('this is no set of keys');

  const keys = new Map<string, PublishedKey>();
  const seen = new Set<string>();
  for (const entry of entries as readonly unknown[]) {
    const members = membersOf(entry);
    const keyId = members?.get('kid');
    if (!members || !isName(keyId)) continue;
    const key = seen.has(keyId) ? undefined : await readKey(members);
    if (key) keys.set(keyId, key);
    else keys.delete(keyId);
    seen.add(keyId);
  }
  return keys;
}

async function readKey(members: Members): Promise<PublishedKey | undefined> {
  const algorithm = algorithmOf(members);
  if (!algorithm || !isForVerifying(members, algorithm)) return undefined;
  const parameters = ['kty', 'crv', 'x', 'y'].filter((name) => members.has(name));
  const jwk = Object.fromEntries(parameters.map((name) => [name, members.get(name)])) as JWK;
  try {
    const key = await importJWK(jwk, algorithm);
    return key instanceof Uint8Array ? undefined : { algorithm, key };
  } catch {
    return undefined;
  }
}

/** From what the key is: a token's header never chooses. */
function algorithmOf(members: Members): IdentityTokenAlgorithm | undefined {
  const [type, curve] = [members.get('kty'), members.get('crv')];
  if (type === 'EC' && curve === 'P-256') return 'ES256';
  return type === 'OKP' && curve === 'Ed25519' ? 'EdDSA' : undefined;
}

function isForVerifying(members: Members, algorithm: IdentityTokenAlgorithm): boolean {
  const operations = members.get('key_ops') ?? ['verify'];
  return (
    (members.get('alg') ?? algorithm) === algorithm &&
    (members.get('use') ?? 'sig') === 'sig' &&
    Array.isArray(operations) &&
    operations.includes('verify') &&
    !SECRET_MEMBERS.some((name) => members.has(name))
  );
}
