import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A proof that was accepted, and the session it opened. Partitioned by the day it was signed; undated links have a partition of their own. */
@Entity('proofs')
export class ProofEntity {
  @PrimaryColumn({ name: 'signed_on', type: 'date', primaryKeyConstraintName: 'pk_proofs' })
  signedOn: string;

  @PrimaryColumn({ name: 'proof_id', type: 'bytea', primaryKeyConstraintName: 'pk_proofs' })
  proofId: Buffer;

  @Column({ name: 'session_id', type: 'uuid' })
  sessionId: string;

  /** When it was last answered with a new pair. */
  @Column({ name: 'issued_at', type: 'timestamptz' })
  issuedAt: Date;

  /** That pair, sealed under the proof itself; or what the proof was used up for inside the session, sealed likewise. */
  @Column({ type: 'bytea' })
  pair: Buffer;

  /** Whether the first answer said so: a repeated one says the same. */
  @Column({ name: 'is_new_user', type: 'boolean' })
  isNewUser: boolean;
}
