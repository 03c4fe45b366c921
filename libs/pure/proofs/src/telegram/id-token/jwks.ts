import { createPublicKey, type KeyObject } from 'node:crypto';
import { hasControlCharacter, hasLoneSurrogate } from '@countersign/text';

/** A bot can choose one of these at BotFather. */
export const ID_TOKEN_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'ES256K'] as const;

export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];

interface IdTokenKey {
  readonly alg: IdTokenAlgorithm;
  readonly key: KeyObject;
}

/** Keyed by key id. */
export type IdTokenKeys = ReadonlyMap<string, IdTokenKey>;

type Members = ReadonlyMap<string, unknown>;

const MAX_KEYS = 32;
/** In characters. */
const MAX_KEY_ID_LENGTH = 128;
/** In characters of base64url. A modulus of 8192 bits has 1366. */
const MAX_PARAMETER_LENGTH = 1400;
const MIN_MODULUS_BITS = 2048;
/** All RSA keys in use have this exponent. 1 would sign any text, and a huge one is slow to verify. */
const EXPONENT = 'AQAB';

/**
 * Reads a JSON Web Key Set (RFC 7517); the caller bounds its size. It ignores keys that are unusable or ambiguous:
 * other kinds, weak, private or symmetric keys, keys with a contradicting `alg`, and keys that share an id. `document`
 * cannot make it throw: anything but a set of 1 to 32 keys gives no keys.
 */
export function parseJwks(document: unknown): IdTokenKeys {
  const entries = membersOf(document)?.get('keys');
  if (!Array.isArray(entries) || entries.length > MAX_KEYS) return new Map();

  const keys = new Map<string, IdTokenKey>();
  const seen = new Set<string>();
  for (const entry of entries) {
    const members = membersOf(entry);
    const kid = members?.get('kid');
    if (!members || !isKeyId(kid)) continue;
    const key = seen.has(kid) ? undefined : readKey(members);
    if (key) keys.set(kid, key);
    else keys.delete(kid);
    seen.add(kid);
  }
  return keys;
}

/** Whether the value can be a `kid` of a key and of a token. */
export function isKeyId(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_KEY_ID_LENGTH) return false;
  return !hasControlCharacter(value) && !hasLoneSurrogate(value);
}

function readKey(members: Members): IdTokenKey | undefined {
  const alg = algorithmOf(members);
  if (!alg || !isForVerifying(members, alg)) return undefined;

  const parameters = ['kty', 'crv', 'n', 'e', 'x', 'y'].filter((name) => members.has(name));
  const jwk: Record<string, string> = {};
  for (const name of parameters) {
    const value = members.get(name);
    if (typeof value !== 'string' || value.length > MAX_PARAMETER_LENGTH) return undefined;
    jwk[name] = value;
  }
  const key = importKey(jwk);
  return key && isStrong(key) ? { alg, key } : undefined;
}

/** The key decides, never the token's header. */
function algorithmOf(members: Members): IdTokenAlgorithm | undefined {
  const [kty, crv] = [members.get('kty'), members.get('crv')];
  if (kty === 'RSA' && members.get('e') === EXPONENT) return 'RS256';
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  if (kty === 'EC' && crv === 'secp256k1') return 'ES256K';
  return kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined;
}

function isForVerifying(members: Members, alg: IdTokenAlgorithm): boolean {
  const operations = members.get('key_ops') ?? ['verify'];
  return (
    (members.get('alg') ?? alg) === alg &&
    (members.get('use') ?? 'sig') === 'sig' &&
    Array.isArray(operations) &&
    operations.includes('verify') &&
    !members.has('d') &&
    !members.has('k')
  );
}

function importKey(jwk: Record<string, string>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function isStrong(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return true;
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_MODULUS_BITS;
}

function membersOf(value: unknown): Members | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value)) : undefined;
}
