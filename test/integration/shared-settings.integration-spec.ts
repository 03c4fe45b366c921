import { AuditUpkeep } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { AgreedClock, Notifications } from '@countersign/database';
import { SideTasks } from '@countersign/runtime';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useTestDatabase } from '../support/use-test-app';

const DAYS = 30;

describe('a replica with other settings than the rest', () => {
  const database = useTestDatabase();
  const keys = JSON.stringify(generateKeyRing());
  const start = (environment: Record<string, string> = {}) =>
    TestWorker.start({ database, keys, environment });
  const failing = ({ nest }: TestWorker): readonly string[] => nest.get(SideTasks).degraded;

  it('drops no day of the audit trail that the others keep, and all of them name the setting', async () => {
    const first = await start();
    const other = await start({ AUDIT_RETENTION_DAYS: '1', ERASURE_DAYS: '0' });
    const third = await start();
    try {
      await until(() => [first, other].every((each) => failing(each).includes('settings')));
      for (const each of [first, other])
        expect(each.logLines.join('\n')).toContain('"different":["AUDIT_RETENTION_DAYS","ERASURE_DAYS"]');

      const upkeep = other.nest.get(AuditUpkeep);
      const now = await other.nest.get(AgreedClock).now();
      other.clock.advance(DAYS * 86_400);
      await expect(upkeep.run()).rejects.toMatchObject({ code: 'service.unavailable' });
      const day = now.toISOString().slice(0, 10).replaceAll('-', '');
      expect(await database.query(`SELECT to_regclass('audit_records_${day}') AS name`)).toEqual([
        { name: `audit_records_${day}` },
      ]);
    } finally {
      await Promise.all([first, other, third].map((each) => each.close()));
    }
  });

  it('is none whose settings are the same', async () => {
    const first = await start();
    const announced: string[] = [];
    const onMessage = (message: string): unknown => announced.push(message);
    first.nest.get(Notifications).subscribe('countersign_settings', { onMessage, onGap: () => undefined });
    const other = await start();
    try {
      await until(() => announced.length > 0);
      expect([first, other].flatMap(failing)).toEqual([]);
    } finally {
      await Promise.all([first.close(), other.close()]);
    }
  });
});

describe('a replica that listens at another database', () => {
  const database = useTestDatabase();
  const another = useTestDatabase();
  const keys = JSON.stringify(generateKeyRing());

  it('takes the silence for none of its own, and says so', async () => {
    const environment = { DATABASE_DIRECT_URL: another.directUrl };
    const worker = await TestWorker.start({ database, keys, environment });
    try {
      await until(() => worker.nest.get(SideTasks).degraded.includes('notifications'));
      expect(worker.logLines.join('\n')).toContain('OtherDatabaseError');
    } finally {
      await worker.close();
    }
  });
});
