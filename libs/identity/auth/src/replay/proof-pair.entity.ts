import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SealedBytes } from '@countersign/crypto';
import { Expires } from '@countersign/database';
import { PROOF_REPEAT_SECONDS } from './reentry.rule';

/**
 * The pair of a proof, as long as it may be repeated. An unlogged table: not in the WAL, in base backups or
 * on standbys, and empty after a crash.
 */
@Entity('proof_pairs')
@Expires({
  at: 'issuedAt',
  after: PROOF_REPEAT_SECONDS,
  data: 'repeatable pairs of proofs',
  stored: `${PROOF_REPEAT_SECONDS} seconds, and up to two minutes until they are deleted`,
})
export class ProofPairEntity {
  @PrimaryColumn({ type: 'uuid' })
  sessionId: string;

  /** As in `proofs`. */
  @Column({ type: 'timestamptz' })
  issuedAt: Date;

  /** Sealed under the proof and a key of the ring. */
  @Column({ type: 'bytea' })
  pair: SealedBytes;
}
