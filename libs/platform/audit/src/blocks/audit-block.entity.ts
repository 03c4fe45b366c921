import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed part of the trail. Never changed, and never deleted: also when its records are. */
@Entity('audit_blocks')
export class AuditBlockEntity {
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ type: 'bigint' })
  sinceHorizon: string;

  @Column({ type: 'timestamptz' })
  before: Date;

  @Column({ type: 'bigint' })
  horizon: string;

  @Column({ type: 'integer' })
  count: number;

  @Column({ type: 'integer' })
  late: number;

  @Column({ type: 'timestamptz' })
  firstAt: Date;

  @Column({ type: 'bytea' })
  records: Buffer;

  @Column({ type: 'bytea' })
  previous: Buffer;

  @Column({ type: 'timestamptz' })
  signedAt: Date;

  @Column({ type: 'text' })
  keyId: string;

  @Column({ type: 'bytea' })
  signature: Buffer;
}
