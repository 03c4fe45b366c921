import { decodeBase64url } from '@countersign/text';
import type { DpopAlgorithm } from './dpop-algorithms';

/**
 * The members that define the key, which are those of its thumbprint (RFC 7638, section 3.2; RFC 8037,
 * section 2).
 */
export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'RSA'; readonly e: string; readonly n: string };

type Members = ReadonlyMap<string, unknown>;

/** Of a coordinate, in bytes: leading zeros belong to it (RFC 7518, section 6.2.1.2). */
const COORDINATE_BYTES = 32;
const MIN_MODULUS_BITS = 2048;
/** Verifying takes longer with every bit. */
const MAX_MODULUS_BITS = 4096;
/**
 * The exponent of every RSA key in use. 1 would make a signature of any text, a huge one is slow to verify.
 */
const EXPONENT = 'AQAB';

/**
 * The public key of a proof, if the algorithm can use it. Only one spelling of each key is accepted, so that
 * it has one thumbprint. Other members of the key (`kid`, `use`, `key_ops`) are ignored.
 */
export function readPublicJwk(members: Members, algorithm: DpopAlgorithm): PublicJwk | undefined {
  switch (algorithm) {
    case 'ES256':
      return readEllipticKey(members);
    case 'Ed25519':
    case 'EdDSA':
      return readEdwardsKey(members);
    case 'PS256':
    case 'RS256':
      return readRsaKey(members);
  }
}

function readEllipticKey(members: Members): PublicJwk | undefined {
  if (members.get('kty') !== 'EC' || members.get('crv') !== 'P-256') return undefined;
  const [x, y] = [members.get('x'), members.get('y')];
  return isCoordinate(x) && isCoordinate(y) ? { kty: 'EC', crv: 'P-256', x, y } : undefined;
}

function readEdwardsKey(members: Members): PublicJwk | undefined {
  if (members.get('kty') !== 'OKP' || members.get('crv') !== 'Ed25519') return undefined;
  const x = members.get('x');
  return isCoordinate(x) ? { kty: 'OKP', crv: 'Ed25519', x } : undefined;
}

function readRsaKey(members: Members): PublicJwk | undefined {
  if (members.get('kty') !== 'RSA' || members.get('e') !== EXPONENT) return undefined;
  const n = members.get('n');
  return isModulus(n) ? { kty: 'RSA', e: EXPONENT, n } : undefined;
}

function isCoordinate(value: unknown): value is string {
  return typeof value === 'string' && decodeBase64url(value)?.length === COORDINATE_BYTES;
}

/** Without leading zeros (RFC 7518, section 6.3.1.1). */
function isModulus(value: unknown): value is string {
  const bytes = typeof value === 'string' ? decodeBase64url(value) : undefined;
  const first = bytes?.[0];
  if (!bytes || !first) return false;
  const bits = bytes.length * 8 - (Math.clz32(first) - 24);
  return bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS;
}
