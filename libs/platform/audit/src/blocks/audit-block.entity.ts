import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed range of the trail. A block never changes, and it stays when its records are dropped. */
@Entity('audit_blocks')
export class AuditBlockEntity {
  /** Numbers start at 1 and have no gaps. */
  @PrimaryColumn({ type: 'integer' })
  number: number;

  /** `before` of the previous block. */
  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ type: 'bigint' })
  sinceHorizon: string;

  /** All records of the block are older. */
  @Column({ type: 'timestamptz' })
  before: Date;

  /** The transactions of the records are below it. All of them had ended when the block was made. */
  @Column({ type: 'bigint' })
  horizon: string;

  /** Transactions from this id on began after the block. Not signed: a wrong value shows as records in no block. */
  @Column({ type: 'bigint' })
  nextXid: string;

  @Column({ type: 'integer' })
  count: number;

  /** The number of records older than `since`: their transactions ended late. */
  @Column({ type: 'integer' })
  late: number;

  @Column({ type: 'timestamptz' })
  firstAt: Date;

  /** SHA-256 over the digests of the records, ordered by instant and id. */
  @Column({ type: 'bytea' })
  records: Buffer;

  /** The hash of the previous block; zeros for the first block. */
  @Column({ type: 'bytea' })
  previous: Buffer;

  @Column({ type: 'timestamptz' })
  signedAt: Date;

  /** The id of the ring's key from which the signing key is derived. */
  @Column({ type: 'text' })
  keyId: string;

  /** Ed25519. */
  @Column({ type: 'bytea' })
  signature: Buffer;
}
