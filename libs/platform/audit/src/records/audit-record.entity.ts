import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Rows are never updated. Whole days are dropped when the retention time is over. */
@Entity('audit_records')
export class AuditRecord {
  @PrimaryColumn({ type: 'timestamptz' })
  occurredAt: Date;

  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  action: string;

  /** `principal:<id>`, `operator:<name>`, `system` or `user:<audit pseudonym>`. The pseudonym is not the user id. */
  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text', nullable: true })
  subject: string | null;

  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  @Column({ type: 'jsonb' })
  details: Record<string, string>;

  @Column({ type: 'text', nullable: true })
  requestId: string | null;

  /** The writing transaction. It shows which rows are final. TypeORM does not know `xid8`, and ignores casts here. */
  @Column({ type: 'bigint', default: () => '((pg_current_xact_id()))' })
  xid: string;
}
