import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SealedBytes } from '@countersign/crypto';
import { Expires } from '@countersign/database';
import { PROOF_REPEAT_SECONDS } from './reentry.rule';

/**
 * An accepted proof and the session it opened. Partitioned by the day of its signature; undated links have
 * their own partition.
 */
@Entity('proofs')
export class ProofEntity {
  @PrimaryColumn({ type: 'date' })
  signedOn: string;

  @PrimaryColumn({ type: 'bytea' })
  proofId: Buffer;

  @Column({ type: 'uuid' })
  sessionId: string;

  /** When it was last answered with a new pair. */
  @Column({ type: 'timestamptz' })
  issuedAt: Date;

  /** Of a sign-in: distinguishes proofs of the same fields with different signers. `null` for an act inside the session, or when used up. */
  @Column({ type: 'bytea', nullable: true })
  secretDigest: Buffer | null;

  /** Whether the first answer said so: a repeated one says the same. */
  @Column({ type: 'boolean' })
  isNewUser: boolean;
}

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
