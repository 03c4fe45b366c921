import { createHash } from 'node:crypto';
import { PrincipalsService } from '@countersign/admin';
import { AuditVerification, AuditVerifier } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { Metrics } from '@countersign/observability';
import { sealAll, verifyNow, writeRecord } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { TestWorker } from '../support/test-worker';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

const NESTED = '['.repeat(5_500) + ']'.repeat(5_500);
/** One byte, with the id that belongs to it. */
const KEY_ID = createHash('sha256')
  .update(Buffer.from([0]))
  .digest('hex')
  .slice(0, 32);

/** The attacker may write to the database, and wants verification to end before it names what was removed. */
describe('what cannot be read', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase({}, { per: 'test' });
  const clock = useFixture(() => new FakeClock(), { per: 'test' });
  const worker = useFixture(() => TestWorker.start({ database, keys, clock }), {
    per: 'test',
    close: (made) => made.close(),
  });

  const write = (subject: string) => writeRecord(worker, subject);

  const problemMetric = async (): Promise<number> =>
    Number(/^countersign_audit_problems\{[^}]*\} (\S+)$/m.exec(await worker.nest.get(Metrics).expose())?.[1]);

  beforeEach(async () => {
    await worker.nest
      .get(PrincipalsService)
      .create({ name: 'machine', kind: 'machine', scopes: ['users:read'] }, null);
    await write('removed');
    await sealAll(worker);
    for (const subject of ['kept', 'last']) {
      await write(subject);
      await sealAll(worker);
    }
    await database.query(`DELETE FROM audit_records WHERE subject = 'removed'`);
  });

  async function expectNamed(code: string): Promise<void> {
    const codes = (await verifyNow(worker)).problems.map((problem) => problem.code);
    expect(codes).toContain(code);
    const { problemCount } = await worker.nest.get(AuditVerification).run();
    expect(problemCount).toBeGreaterThan(0);
    expect(await problemMetric()).toBe(problemCount);
  }

  async function expectMissingNamed(): Promise<void> {
    expect((await verifyNow(worker)).problems.map(({ code }) => code)).toContain('record_missing');
  }

  async function expectSealed(): Promise<void> {
    await write('later');
    expect(await sealAll(worker)).not.toEqual([]);
  }

  it.each([
    ['an instant of a principal', `UPDATE principals SET created_at = 'infinity'`],
    [
      'the instant of a record',
      `CREATE TABLE audit_records_late PARTITION OF audit_records FOR VALUES FROM ('infinity') TO (MAXVALUE);
       INSERT INTO audit_records (occurred_at, id, action, actor, details) VALUES ('infinity', gen_random_uuid(), 'x', 'y', '{}')`,
      'record_inserted',
    ],
    [
      'details',
      `INSERT INTO audit_records (occurred_at, id, action, actor, details, mac_key_id, mac)
       SELECT occurred_at, gen_random_uuid(), 'x', 'y', '{"a":${NESTED}}', mac_key_id, mac FROM audit_records LIMIT 1`,
    ],
    [
      'details of a record without a code',
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       SELECT occurred_at, gen_random_uuid(), 'x', 'y', '{"a":${NESTED}}' FROM audit_records LIMIT 1`,
    ],
    ['keys of a principal', `UPDATE principals SET keys = '${NESTED}'`, 'principal_forged'],
    ['the end of a secret', `UPDATE principal_secrets SET expires_at = 'infinity'`, 'principal_forged'],
  ])(
    'in %s is named, beside what was removed, and stops no sealing',
    async (_, statement, code = 'unreadable') => {
      await database.query(statement);

      await expectNamed(code);
      await expectMissingNamed();
      await expectSealed();
    },
  );

  it.each([
    ['when it was sealed', `sealed_at = 'infinity'`],
    ['its first and last record', `first_at = '-infinity', last_at = 'infinity'`],
    ['its day', `day = '5000000-01-01'`],
  ])('of a block is named: %s', async (_, change) => {
    await database.query(`UPDATE audit_blocks SET ${change} WHERE number = 2`);

    await expectNamed('unreadable');
    await expectMissingNamed();
    await expectSealed();
  });

  it('of a block is named: a new key of another length', async () => {
    await database.query(
      `INSERT INTO audit_blocks (number, record_count, root, previous, sealed_at, key_id, new_key_id, new_public_key, signature)
       SELECT number + 1, 0, root, sha256(previous), sealed_at, $1, $1, '\\x00', signature FROM audit_blocks
       ORDER BY number DESC LIMIT 1`,
      [KEY_ID],
    );

    await expectNamed('unreadable');
    await expectMissingNamed();
    await expect(sealAll(worker)).rejects.toMatchObject({ code: expect.stringMatching(/^audit_/) as string });
  });

  it('at all counts as a problem of the daily job, which fails', async () => {
    expect(await problemMetric()).toBeNaN();
    const spy = jest
      .spyOn(worker.nest.get(AuditVerifier), 'verify')
      .mockRejectedValue(new TypeError('unforeseen'));

    await expect(worker.nest.get(AuditVerification).run()).rejects.toThrow('unforeseen');
    expect(await problemMetric()).toBe(1);
    spy.mockRestore();
  });
});
