import type { AuditRecord } from './audit-trail';
import type { TestApp } from './test-app';

/** The records of an application, a subject or an action, or of all that are given; in order. */
export async function auditOf(
  app: TestApp,
  { applicationId, subject, action }: Partial<Pick<AuditRecord, 'applicationId' | 'subject' | 'action'>>,
): Promise<readonly AuditRecord[]> {
  return app.database.query<AuditRecord>(
    `SELECT action, actor, subject, application_id AS "applicationId", details FROM audit_records
     WHERE ($1::text IS NULL OR application_id::text = $1) AND ($2::text IS NULL OR subject::text = $2)
       AND ($3::text IS NULL OR action = $3)
     ORDER BY id`,
    [applicationId, subject, action],
  );
}
