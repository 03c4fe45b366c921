import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One event. Rows are never updated; whole days are dropped when the retention time is over. */
@Entity('audit_records')
export class AuditRecord {
  @PrimaryColumn({ type: 'timestamptz' })
  occurredAt: Date;

  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  action: string;

  /**
   * `principal:` with its id, `operator:` with a name at the command line, `system`, or `user:` with
   * the person's audit pseudonym, which is not the user id.
   */
  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text', nullable: true })
  subject: string | null;

  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  @Column({ type: 'jsonb' })
  details: Record<string, string>;

  /** The request that it happened in, where one is known. */
  @Column({ type: 'text', nullable: true })
  requestId: string | null;

  /**
   * The transaction that wrote it. Tells which rows are settled. A number, since TypeORM
   * knows no `xid8`; it leaves casts out where it compares defaults.
   */
  @Column({ type: 'bigint', default: () => '((pg_current_xact_id()))' })
  xid: string;
}
