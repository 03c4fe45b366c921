import { Column, Entity, PrimaryColumn } from 'typeorm';

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
