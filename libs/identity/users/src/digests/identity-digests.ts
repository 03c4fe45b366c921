import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import { isForeignKeyViolation, LostRace } from '@countersign/database';
import type { IdentityKey } from '../user';

/** Returns one digest for each index key of the ring. */
export function digestsOf(
  keyRing: KeyRing,
  { provider, environment, subject }: Omit<IdentityKey, 'applicationId'>,
): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'identities.subject', [provider, environment, subject]);
}

/** Only some of the digests were free: a replica with other index keys created the identity meanwhile. */
export function throwLostRace(error: unknown): never {
  throw isForeignKeyViolation(error) ? new LostRace() : error;
}
