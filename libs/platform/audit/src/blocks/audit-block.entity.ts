import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed part of the trail. Never changed, and never deleted: also when its records are. */
@Entity('audit_blocks')
export class AuditBlockEntity {
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ name: 'since_horizon', type: 'bigint' })
  sinceHorizon: string;

  @Column({ type: 'timestamptz' })
  before: Date;

  @Column({ type: 'bigint' })
  horizon: string;

  @Column({ type: 'integer' })
  count: number;

  @Column({ type: 'integer' })
  late: number;

  @Column({ name: 'first_at', type: 'timestamptz' })
  firstAt: Date;

  @Column({ type: 'bytea' })
  records: Buffer;

  @Column({ type: 'bytea' })
  previous: Buffer;

  @Column({ name: 'signed_at', type: 'timestamptz' })
  signedAt: Date;

  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ type: 'bytea' })
  signature: Buffer;
}
