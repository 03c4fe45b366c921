import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** The ids and leaves of the records of a block, by which verification finds them. Deleted with the records. */
@Entity('audit_block_leaves')
@Index('ix_audit_block_leaves_day', ['day'])
export class AuditBlockLeavesEntity {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_audit_block_leaves' })
  block: number;

  @Column({ type: 'date' })
  day: string;

  @Column({ name: 'first_at', type: 'timestamptz' })
  firstAt: Date;

  @Column({ name: 'last_at', type: 'timestamptz' })
  lastAt: Date;

  @Column({ name: 'lowest_xid', type: 'bigint' })
  lowestXid: string;

  @Column({ name: 'highest_xid', type: 'bigint' })
  highestXid: string;

  /** Entries of 48 bytes, in the order of the tree. */
  @Column({ type: 'bytea' })
  leaves: Buffer;
}

/** How far a day is sealed: where the next run begins. It proves nothing. */
@Entity('audit_days')
export class AuditDayEntity {
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_audit_days' })
  day: string;

  /** All settled records of transactions below this one are in blocks. */
  @Column({ name: 'sealed_below', type: 'bigint' })
  sealedBelow: string;

  /**
   * The first transaction that had not begun when the day was over; null until then. The day closes when all before it have
   * ended, since they may hold records of the day.
   */
  @Column({ name: 'closing_below', type: 'bigint', nullable: true })
  closingBelow: string | null;

  /** The day is over, and nothing was left: it is not looked at again. */
  @Column({ name: 'is_closed', type: 'boolean' })
  isClosed: boolean;
}

/** The key that signs blocks. */
@Entity('audit_keys')
export class AuditKeyEntity {
  /** Made of the public key. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_audit_keys' })
  id: string;

  /** For people who inspect the table: what is published is derived from the private half. */
  @Column({ name: 'public_key', type: 'bytea' })
  publicKey: Buffer;

  /** The origin of the trail, and PKCS #8 in PEM. */
  @Secret()
  @Column({ name: 'private_key', type: 'text' })
  privateKey: Sealed;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

/** The migration found records of a previous version; the row goes with their adoption. */
@Entity('audit_adoption')
@Check('chk_audit_adoption_id', 'id = 1')
export class AuditAdoptionEntity {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_audit_adoption' })
  id: number;
}

/** The retention time that was in force last: a change of it is recorded. */
@Entity('audit_retention')
@Check('chk_audit_retention_id', 'id = 1')
export class AuditRetentionEntity {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_audit_retention' })
  id: number;

  @Column({ type: 'integer' })
  days: number;
}
