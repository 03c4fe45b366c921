import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '../assurance';

/** `restore`: the ledger has the erasure, and this database does not. */
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

  /** The ledger has it, and no operator has said yet whether this database was restored: it neither begins nor is cancelled. */
  @Column({ type: 'boolean', default: false })
  isDisputed: boolean;
}

export type Erasure = Readonly<UserErasureEntity>;
