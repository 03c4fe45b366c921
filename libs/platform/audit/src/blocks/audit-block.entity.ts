import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed part of the trail. Never changed, and never deleted: also when its records are. */
@Entity('audit_blocks')
export class AuditBlockEntity {
  /** From 1 on, without gaps. */
  @PrimaryColumn({ type: 'integer' })
  number: number;

  /** `before` of the block in front. */
  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ type: 'bigint' })
  sinceHorizon: string;

  /** The records are older. */
  @Column({ type: 'timestamptz' })
  before: Date;

  /** The transactions of the records are below: all of them had ended when the block was made. */
  @Column({ type: 'bigint' })
  horizon: string;

  /** A transaction from here on began after the block was made. Not signed: a wrong value shows as records that are in no block. */
  @Column({ type: 'bigint' })
  nextXid: string;

  @Column({ type: 'integer' })
  count: number;

  /** How many are older than `since`: their transactions ended late. */
  @Column({ type: 'integer' })
  late: number;

  @Column({ type: 'timestamptz' })
  firstAt: Date;

  /** SHA-256 over the digests of the records, in the order of instant and id. */
  @Column({ type: 'bytea' })
  records: Buffer;

  /** The hash of the block in front; zeros for the first one. */
  @Column({ type: 'bytea' })
  previous: Buffer;

  @Column({ type: 'timestamptz' })
  signedAt: Date;

  /** The key of the ring that the signing key is derived from. */
  @Column({ type: 'text' })
  keyId: string;

  /** Ed25519. */
  @Column({ type: 'bytea' })
  signature: Buffer;
}
