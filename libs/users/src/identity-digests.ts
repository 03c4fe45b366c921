import type { EntityManager } from 'typeorm';
import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, isForeignKeyViolation, LostRace } from '@countersign/database';
import type { IdentityKey } from './user';

/** One digest per index key of the ring. */
export function digestsOf(
  keyRing: KeyRing,
  { provider, environment, subject }: IdentityKey,
): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'identities.subject', [provider, environment, subject]);
}

/**
 * Runs a statement that begins by claiming the digests, its first parameters.
 * @returns whether all of them were free.
 */
export async function insertClaimed(
  tx: EntityManager,
  keyRing: KeyRing,
  statement: string,
  identity: IdentityKey,
  values: readonly unknown[],
): Promise<boolean> {
  const digests = digestsOf(keyRing, identity);
  const insertion = firstRow<{ count: number }>(tx, statement, [...BLIND_INDEX.arraysOf(digests), ...values]);
  const inserted = await insertion.catch(throwLostRace);
  return inserted?.count === digests.length;
}

/** Only some of the digests were free: a replica with another set of index keys created the identity meanwhile. */
export function throwLostRace(error: unknown): never {
  throw isForeignKeyViolation(error) ? new LostRace() : error;
}
