import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '../assurance';

/** `restore`: a restored database had an account again that was erased. */
export type ErasureReason = 'person' | 'operator' | 'restore';

/** A requested erasure of an account, which is closed until it is done or cancelled. */
@Entity('user_erasures')
export class UserErasureEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @Column({ type: 'text' })
  reason: ErasureReason;

  /** Of the session and its step-up. Weaker proofs cancel nothing; `null` where any proof does. */
  @Column({ type: 'text', nullable: true })
  assurance: Assurance | null;

  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;

  @Column({ type: 'timestamptz' })
  eraseAt: Date;

  /** From then on it cannot be cancelled: the ledger may have it. */
  @Column({ type: 'timestamptz', nullable: true })
  startedAt: Date | null;
}

export type Erasure = Readonly<UserErasureEntity>;
