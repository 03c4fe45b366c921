import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A sealed part of the trail. Never changed, and never deleted: also when its records are. */
@Entity('audit_blocks')
@Unique('uq_audit_blocks_previous', ['previous'])
@Check('chk_audit_blocks_count', 'record_count >= 0')
@Index('ix_audit_blocks_day', ['day'])
export class AuditBlockEntity {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_audit_blocks' })
  number: number;

  @Column({ type: 'date', nullable: true })
  day: string | null;

  @Column({ name: 'record_count', type: 'integer' })
  recordCount: number;

  @Column({ name: 'first_at', type: 'timestamptz', nullable: true })
  firstAt: Date | null;

  @Column({ name: 'first_id', type: 'uuid', nullable: true })
  firstId: string | null;

  @Column({ name: 'last_at', type: 'timestamptz', nullable: true })
  lastAt: Date | null;

  @Column({ name: 'last_id', type: 'uuid', nullable: true })
  lastId: string | null;

  @Column({ type: 'bytea' })
  root: Buffer;

  @Column({ type: 'bytea' })
  previous: Buffer;

  @Column({ name: 'sealed_at', type: 'timestamptz' })
  sealedAt: Date;

  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ name: 'new_key_id', type: 'text', nullable: true })
  newKeyId: string | null;

  @Column({ name: 'new_public_key', type: 'bytea', nullable: true })
  newPublicKey: Buffer | null;

  @Column({ type: 'bytea' })
  signature: Buffer;
}
