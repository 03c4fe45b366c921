import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '../assurance';

/** `restore`: the ledger has the erasure, but this database does not. */
export type ErasureReason = 'person' | 'operator' | 'restore';

/** A requested erasure. The account is closed until the erasure is done or cancelled. */
@Entity('user_erasures')
export class UserErasureEntity {
  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @Column({ type: 'text' })
  reason: ErasureReason;

  /** The assurance of the session and its step-up. Weaker proofs cannot cancel; `null` means that any proof can. */
  @Column({ type: 'text', nullable: true })
  assurance: Assurance | null;

  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;

  @Column({ type: 'timestamptz' })
  eraseAt: Date;

  /** After this instant it cannot be cancelled, because the ledger may have the erasure. */
  @Column({ type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  /** The ledger has it, and no operator has answered yet: the erasure neither begins nor can be cancelled. */
  @Column({ type: 'boolean', default: false })
  isDisputed: boolean;
}

export type Erasure = Readonly<UserErasureEntity>;
