import { accepted, refused, type Result } from '@countersign/errors';
import type { JsonMembers } from '@countersign/text';
import { DPOP_ALGORITHMS, type DpopAlgorithm } from './dpop-algorithms';
import type { DpopRefusal } from './dpop-refusals';
import { readPublicJwk, type PublicJwk } from './public-jwk';

export interface ProofHeader {
  readonly algorithm: DpopAlgorithm;
  readonly jwk: PublicJwk;
}

/** Of a private or symmetric key (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1; RFC 8037; RFC 9964). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * Reads the JOSE header (RFC 9449, section 4.2). `typ` is accepted in the RFC's spelling only, though media
 * types have others: no client sends them. Other references to a key (`kid`, `jku`, `x5c`, `x5u`) are
 * ignored.
 */
export function readProofHeader(members: JsonMembers): Result<ProofHeader, DpopRefusal> {
  if (members.has('crit')) return refused('dpop.critical_header');
  if (members.get('typ')?.value !== 'dpop+jwt') return refused('dpop.type_mismatch');
  const algorithm = DPOP_ALGORITHMS.find((one) => one === members.get('alg')?.value);
  if (!algorithm) return refused('dpop.algorithm_refused');

  const key = membersOf(members.get('jwk')?.value);
  if (SECRET_MEMBERS.some((name) => key.has(name))) return refused('dpop.private_key');
  const jwk = readPublicJwk(key, algorithm);
  return jwk ? accepted({ algorithm, jwk }) : refused('dpop.key_refused');
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return new Map(isObject ? Object.entries(value) : []);
}
