import { AuditService, AuditSigner, AuditVerifier, type AuditVerdict } from '@countersign/audit';
import { MINUTE, SECOND } from '@countersign/runtime';
import { Database } from '@countersign/database';
import type { TestWorker } from './test-worker';
import { until } from './until';
import { adminEvents } from '@countersign/admin';

/** Writes a record to the audit trail. */
export async function writeRecord({ nest }: Pick<TestWorker, 'nest'>, subject?: string): Promise<void> {
  const audit = nest.get(AuditService);
  await nest.get(Database).transaction((tx) =>
    audit.record(tx, adminEvents.jobRunRequested, {
      actor: 'system',
      ...(subject === undefined ? {} : { subject }),
    }),
  );
}

/**
 * Until all transactions of now have ended, those of other tests on the same server too: one that ends while the horizon is read counts as
 * open in this database.
 */
export async function allEnded({ database }: Pick<TestWorker, 'database'>): Promise<void> {
  const [now] = await database.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
  await until(async () => {
    const [open] = await database.query<{ isOver: boolean }>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > $1::bigint AS "isOver"`,
      [now?.xid],
    );
    return open?.isOver === true;
  });
}

/** Signs everything that is committed, after the time that it takes until records are signed. */
export async function sealAll(
  app: Pick<TestWorker, 'clock' | 'database' | 'nest'>,
): Promise<readonly number[]> {
  await allEnded(app);
  app.clock.advance((2 * MINUTE) / SECOND + 1);
  return app.nest.get(AuditSigner).run();
}

export function verifyNow(
  app: Pick<TestWorker, 'nest'>,
  options: Parameters<AuditVerifier['verify']>[0] = {},
): Promise<AuditVerdict> {
  return app.nest.get(AuditVerifier).verify(options);
}
