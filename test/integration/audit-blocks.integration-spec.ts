import { DataSource, type EntityManager } from 'typeorm';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuditSigner,
  AuditUpkeep,
  AuditVerifier,
  blocksIn,
  hashOf,
  type AuditBlock,
} from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { DayPartitions } from '@countersign/database';
import { Metrics } from '@countersign/runtime';
import { aPerson, times } from '../factories';
import { allEnded, sealAll, verifyNow, writeRecord } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { anOperator } from '../support/operator';
import { Countersign } from '../support/run-countersign';
import { TestWorker } from '../support/test-worker';
import { CountingReads } from '../support/rows-read';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp, useTestDatabase } from '../support/use-test-app';

const DAY = 86_400;
const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
/** The second record of the second block. */
const RECORD = `(SELECT id FROM audit_records WHERE subject = 'second-1')`;

/** The repository of the signer, which the library does not export. */
type Blocks = Readonly<
  Record<
    'last' | 'contentOf' | 'oldestUnsigned',
    (manager: EntityManager, ...rest: unknown[]) => Promise<unknown>
  >
>;

/** The attacker is a superuser of the database, and has no key ring. */
describe('the signed audit trail', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase();
  const clock = useFixture(() => new FakeClock());
  const options = { environment: { AUDIT_RETENTION_DAYS: '30' } };
  const start = () => TestWorker.start({ database, keys, clock, ...options });
  const worker = useFixture(start, { close: (made) => made.close() });
  const sign = () => worker.nest.get(AuditSigner).run();
  const tamper = <Row extends object>(statement: string) => database.query<Row>(statement);
  /** Ten records a second for some seconds, each in a transaction of its own; then it is that later. */
  const writeStream = async (seconds: number) => {
    // The stream may reach the next day.
    await worker.nest.get(DayPartitions).ensureWeek('audit_records', clock.now());
    await tamper(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       SELECT '${clock.now().toISOString()}'::timestamptz + tenth * interval '100 ms', gen_random_uuid(), 'job.run_requested', 'system', '{}'
       FROM generate_series(1, ${10 * seconds}) AS tenth`,
    );
    clock.advance(seconds);
  };
  /** Of the three blocks that each test begins with. */
  const lines = () => worker.logLines.filter((line) => line.includes('"auditBlock"')).slice(0, 3);
  const blocks = async (): Promise<readonly AuditBlock[]> =>
    worker.nest
      .get(DataSource)
      .getRepository<AuditBlock>('AuditBlockEntity')
      .find({ order: { number: 'ASC' } });

  /** What each test begins with, and a copy of it. */
  beforeAll(async () => {
    await makeBlocks(worker);
    await tamper(
      'CREATE SCHEMA copy; CREATE TABLE copy.records AS TABLE audit_records; CREATE TABLE copy.blocks AS TABLE audit_blocks',
    );
  });

  afterEach(() =>
    tamper(
      `TRUNCATE audit_records, audit_blocks; INSERT INTO audit_records SELECT * FROM copy.records;
       INSERT INTO audit_blocks SELECT * FROM copy.blocks`,
    ),
  );

  it('is chained, logged and intact', async () => {
    const all = await blocks();
    expect(all.map(({ number, late }) => [number, late])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(all.slice(1).map(({ previous }) => previous)).toEqual(all.slice(0, -1).map(hashOf));
    expect(blocksIn(lines().join('')).map(hashOf)).toEqual(all.map(hashOf));
    expect(await verifyNow(worker)).toMatchObject({
      verdict: 'intact',
      blocks: 3,
      last: { number: 3 },
      tail: 'not-compared',
    });
    expect((await verifyNow(worker)).records).toBeGreaterThanOrEqual(9);
  });

  it('signs nothing that is younger than two minutes, and nothing twice', async () => {
    await writeRecord(worker, 'young');
    await allEnded(worker);
    clock.advance(119);
    expect(await sign()).toEqual([]);
    clock.advance(2);
    expect(await sign()).toEqual([4]);
    expect(await sign()).toEqual([]);
    expect((await blocks())[3]).toMatchObject({ count: 1, late: 0 });
  });

  it.each([
    ['whose actor was changed', `actor = 'user:x'`],
    ['whose subject was emptied', 'subject = NULL'],
    ['whose action was changed', `action = 'session.ended'`],
    ['whose application was changed', `application_id = '${UNKNOWN_ID}'`],
    ['whose request was changed', `request_id = 'another'`],
    ['that got one more detail', `details = details || '{"x":"y"}'`],
    ['whose details are no object', `details = '[]'`],
    ['that was moved by a microsecond', `occurred_at = occurred_at + interval '1 microsecond'`],
    ['with another id', `id = '${UNKNOWN_ID}'`],
  ])('differs by a record %s, and names its block', async (_title, change) => {
    await tamper(`UPDATE audit_records SET ${change} WHERE id = ${RECORD}`);

    expect(await verifyNow(worker)).toMatchObject({ verdict: 'differs', block: 2, blocks: 1 });
  });

  it.each<[string, string, object]>([
    ['a removed record', `DELETE FROM audit_records WHERE id = ${RECORD}`, { verdict: 'missing', block: 2 }],
    ['a removed block', 'DELETE FROM audit_blocks WHERE number = 2', { verdict: 'missing', block: 2 }],
    ['a removed first block', 'DELETE FROM audit_blocks WHERE number = 1', { verdict: 'missing', block: 1 }],
    [
      'a record that is dated back into a block',
      `INSERT INTO audit_records SELECT occurred_at, '${UNKNOWN_ID}', action, actor, subject, application_id, details, request_id, xid
       FROM audit_records WHERE id = ${RECORD}`,
      { verdict: 'differs', block: 2 },
    ],
    [
      'a changed block',
      'UPDATE audit_blocks SET count = count - 1 WHERE number = 2',
      { verdict: 'differs', block: 2 },
    ],
    [
      'a block whose range was moved with its records',
      `UPDATE audit_blocks SET records = sha256('') WHERE number = 2`,
      { verdict: 'differs', block: 2 },
    ],
    [
      'two blocks that were exchanged',
      `UPDATE audit_blocks SET number = CASE number WHEN 2 THEN -2 ELSE number END;
       UPDATE audit_blocks SET number = 2 WHERE number = 3; UPDATE audit_blocks SET number = 3 WHERE number = -2`,
      { verdict: 'differs', block: 2 },
    ],
    [
      'a block of a key that nobody has',
      `UPDATE audit_blocks SET key_id = 'other' WHERE number = 3`,
      { verdict: 'differs', block: 3 },
    ],
  ])('shows %s', async (_title, statement, expected) => {
    await tamper(statement);
    expect(await verifyNow(worker)).toMatchObject(expected);
  });

  it.each([
    ['of a transaction of now', 'pg_current_xact_id()::text::bigint'],
    ['of a transaction that is to come', '4611686018427387904'],
  ])('shows a record that was dated back by hours, %s, so that no block takes it', async (_, xid) => {
    clock.advance(4 * 3_600);
    await writeRecord(worker, 'later');
    await sealAll(worker);
    await tamper(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details, xid)
       SELECT occurred_at + interval '30 minutes', '${UNKNOWN_ID}', action, actor, details, ${xid} FROM audit_records WHERE id = ${RECORD}`,
    );
    await writeRecord(worker, 'latest');
    await sealAll(worker);

    expect(await verifyNow(worker)).toMatchObject({
      verdict: 'differs',
      block: null,
      detail: '1 records are in no block',
    });
  });

  it('shows an end that was cut by a logged line, and by nothing else', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'audit-')), 'lines');
    writeFileSync(file, lines().join(''));
    const countersign = new Countersign(worker);
    expect(await countersign.json(`audit verify --lines ${file}`)).toMatchObject({
      verdict: 'intact',
      tail: 'as-logged',
    });

    // The command wrote a record by the real clock. The job may have signed another block since.
    await tamper(`DELETE FROM audit_records WHERE action = 'audit.verified'`);
    await tamper('DELETE FROM audit_blocks WHERE number >= 3');
    await tamper(
      `DELETE FROM audit_records WHERE occurred_at >= (SELECT min(occurred_at) FROM audit_records WHERE subject LIKE 'third-%')`,
    );
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'intact', tail: 'not-compared' });
    const run = await countersign.run(`audit verify --lines ${file}`);
    expect(run.exitCode).toBe(3);
    expect(run.output).toMatch(/verdict +missing\nfirst problem +block 3: the block is gone/);
    await tamper(`DELETE FROM audit_records WHERE action = 'audit.verified'`);

    // It grows again under the same number.
    await sealAll(worker);
    await writeRecord(worker);
    await sealAll(worker);
    const logged = blocksIn(lines().join(''));
    expect(await verifyNow(worker, { lines: logged })).toMatchObject({
      verdict: 'differs',
      block: 3,
      tail: 'wrong',
    });
  });

  it('shows a trail that was begun anew by a logged line', async () => {
    const logged = blocksIn(lines().join(''));
    await tamper('DELETE FROM audit_blocks');
    await tamper(`UPDATE audit_records SET actor = 'nobody'`);
    await sign();
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'intact' });
    expect(await verifyNow(worker, { lines: logged })).toMatchObject({ verdict: 'differs', block: 1 });
  });

  it('takes no line that the service did not sign', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'audit-')), 'lines');
    const line = JSON.parse(lines()[2] ?? '') as { auditBlock: object };
    writeFileSync(file, `${JSON.stringify({ ...line.auditBlock, count: 1 })}\nno block\n{}\n`);
    await expect(new Countersign(worker).run(`audit verify --lines ${file}`)).rejects.toMatchObject({
      name: 'UsageError',
    });
  });

  it('ends a run while people sign in: the records that become old meanwhile are of the next run', async () => {
    await writeStream(300);
    await allEnded(worker);
    const { blocks: stored } = worker.nest.get<{ readonly blocks: Blocks }>(AuditSigner);
    const readLast = stored.last.bind(stored);
    // A block takes a second.
    const last = jest.spyOn(stored, 'last').mockImplementation((...parameters) => {
      clock.advance(1);
      return readLast(...parameters);
    });
    const signed = await sign().finally(() => last.mockRestore());

    expect(signed).toEqual([4]);
    clock.advance(121);
    expect((await sign()).length).toBeLessThanOrEqual(2);
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'intact' });
  });

  it('reads the new records alone, however many there were in the last hour', async () => {
    for (let minute = 0; minute < 30; minute += 1) {
      await writeStream(60);
      await allEnded(worker);
      await sign();
    }
    await writeStream(60);
    await allEnded(worker);
    const { blocks: stored } = worker.nest.get<{ readonly blocks: Blocks }>(AuditSigner);
    const reads = new CountingReads();
    for (const name of ['contentOf', 'oldestUnsigned'] as const) {
      const read = stored[name].bind(stored);
      jest.spyOn(stored, name).mockImplementation((manager, ...rest) => read(reads.of(manager), ...rest));
    }
    expect(await sign().finally(() => jest.restoreAllMocks())).toHaveLength(1);

    // The block of a minute, and a minute in front of it for late records.
    expect(reads.rows).toBeGreaterThanOrEqual(600);
    expect(reads.rows).toBeLessThan(3_000);
  });

  it('says which records are late: their commit appeared after the block of their time', async () => {
    await writeRecord(worker, 'on time');
    const held = await database.hold(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       VALUES ('${clock.now().toISOString()}', '${UNKNOWN_ID}', 'job.run_requested', 'system', '{}')`,
    );
    await writeRecord(worker, 'behind it');
    clock.advance(121);
    // What is below the open transaction is signed, and nothing that it could be in front of.
    expect(await sign()).toEqual([4]);
    clock.advance(600);
    expect(await sign()).toEqual([]);
    expect(await worker.nest.get(Metrics).expose()).toMatch(
      /^countersign_audit_unsigned_seconds\{.*\} 72\d/m,
    );
    const before = await blocks();

    await held.commit();
    await allEnded(worker);
    expect(await sign()).toEqual([5]);
    const all = await blocks();
    expect(all.slice(0, 4).map(hashOf)).toEqual(before.map(hashOf));
    expect(all[4]?.late).toBeGreaterThanOrEqual(1);
    const verdict = await verifyNow(worker);
    expect(verdict).toMatchObject({ verdict: 'late', block: null, late: all[4]?.late });
    expect(await worker.nest.get(Metrics).expose()).toMatch(/^countersign_audit_unsigned_seconds\{.*\} 0$/m);
    const run = await new Countersign(worker).run('audit verify');
    expect(run.exitCode).toBe(0);
    expect(run.output).toMatch(/verdict +late/);
  });

  it('signs what is written after a clock that was ahead is corrected', async () => {
    clock.advance(600);
    await writeRecord(worker, 'ahead');
    expect(await sealAll(worker)).toHaveLength(1);
    clock.advance(-600);
    expect(await sign()).toEqual([]);
    await writeRecord(worker, 'corrected');
    clock.advance(900);
    await writeRecord(worker, 'later');
    await sealAll(worker);
    await sealAll(worker);
    clock.advance(3_600);
    await writeRecord(worker, 'an hour later');
    await sealAll(worker);

    expect(await verifyNow(worker)).toMatchObject({ verdict: 'late', detail: '' });
  });

  it('is one chain, also where replicas sign at the same time', async () => {
    const other = await start();
    try {
      for (let round = 0; round < 4; round += 1) {
        for (let count = 0; count < 3; count += 1) await writeRecord(worker);
        await allEnded(worker);
        clock.advance(121);
        const signed = await Promise.all(
          times(6, (index) => (index % 2 ? worker : other).nest.get(AuditSigner).run()),
        );
        expect(signed.flat().length).toBeLessThanOrEqual(1);
        await sign();
      }
      const all = await blocks();
      expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
      expect(all.length).toBeGreaterThanOrEqual(7);
      expect(await verifyNow(other)).toMatchObject({ verdict: 'intact', blocks: all.length });
    } finally {
      await other.close();
    }
  });

  it('catches up by an hour at a time after a pause', async () => {
    for (let hour = 0; hour < 5; hour += 1) {
      await writeRecord(worker);
      clock.advance(3_600);
    }
    await allEnded(worker);
    expect((await sign()).length).toBeGreaterThanOrEqual(4);
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'intact' });
  });

  it('goes on in another cluster, whose transactions are counted from lower on', async () => {
    // As if the last block had been made where transactions were counted further.
    const { blocks: stored } = worker.nest.get<{
      readonly blocks: { horizon: () => Promise<object> };
    }>(AuditSigner);
    const far = { horizon: '1000000000000', nextXid: '1000000000000' };
    const horizon = jest.spyOn(stored, 'horizon').mockResolvedValue(far);
    await writeRecord(worker, 'before the backup');
    expect(await sealAll(worker)).toEqual([4]);
    horizon.mockRestore();
    await writeRecord(worker, 'after the restore');
    await sealAll(worker);
    await writeRecord(worker, 'later');
    expect(await sealAll(worker)).toEqual([6]);
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'intact', blocks: 6 });
  });

  it('is not continued behind a block that the service did not sign', async () => {
    await tamper(`UPDATE audit_blocks SET before = before + interval '1 year' WHERE number = 3`);
    await writeRecord(worker);
    await expect(sealAll(worker)).rejects.toThrow('block 3');
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'differs', block: 3 });
  });

  it('is not continued behind a block of a key that the ring does not have', async () => {
    const third = (await blocks())[2] as AuditBlock;
    const forged = JSON.stringify({
      number: 4,
      key_id: 'x',
      previous: `\\x${hashOf(third).toString('hex')}`,
    });
    await tamper(
      `INSERT INTO audit_blocks SELECT (jsonb_populate_record(third, '${forged}')).* FROM audit_blocks third WHERE number = 3`,
    );
    await writeRecord(worker);
    await expect(sealAll(worker)).rejects.toThrow('block 4');
  });

  it('shows records that are gone as if their day were dropped for its age', async () => {
    const [{ day } = { day: '' }] = await database.query<{ day: string }>(
      `SELECT to_char(occurred_at, 'YYYY-MM-DD') AS day FROM audit_records WHERE id = ${RECORD}`,
    );
    await tamper(
      `INSERT INTO audit_records (occurred_at, id, action, actor, subject, details)
       SELECT occurred_at, '${UNKNOWN_ID}', 'audit.day_dropped', 'system', '${day}', '{"retentionDays": "30"}' FROM audit_records WHERE id = ${RECORD}`,
    );
    await tamper(`DELETE FROM audit_records WHERE subject LIKE 'second-%'`);
    expect(await verifyNow(worker)).toMatchObject({ verdict: 'missing', block: 2 });
  });

  it('is verified by a job, whose finding is logged, counted and recorded', async () => {
    expect(await worker.nest.get(AuditVerifier).run()).toBe('intact');
    expect(await worker.nest.get(Metrics).expose()).toMatch(/^countersign_audit_problems\{.*\} 0$/m);
    await tamper(`UPDATE audit_records SET actor = 'x' WHERE id = ${RECORD}`);
    expect(await worker.nest.get(AuditVerifier).run()).toBe('differs');
    expect(await worker.nest.get(Metrics).expose()).toMatch(/^countersign_audit_problems\{.*\} 1$/m);
    expect(worker.logLines.some((line) => line.includes('the audit trail does not verify'))).toBe(true);
    const [record] = await database.query(
      `SELECT details FROM audit_records WHERE action = 'audit.verified' ORDER BY occurred_at DESC, id DESC LIMIT 1`,
    );
    expect(record).toMatchObject({ details: { outcome: 'differs', block: '2' } });
    // A later block that is trusted.
    expect(await verifyNow(worker, { after: 2 })).toMatchObject({ verdict: 'intact' });
    expect(await verifyNow(worker, { after: 99 })).toMatchObject({ verdict: 'missing', block: 99 });
  });
});

/** Drops days: what the other tests begin with would be gone. */
describe('the signed audit trail, of days', () => {
  const app = useTestApp({ environment: { AUDIT_RETENTION_DAYS: '30' } });

  it('keeps the blocks of days that were dropped for their age', async () => {
    await makeBlocks(app);
    app.clock.advance(40 * DAY);
    await app.nest.get(AuditUpkeep).run();
    await writeRecord(app, 'new');
    await sealAll(app);
    const verdict = await verifyNow(app);
    expect(verdict).toMatchObject({ verdict: 'intact', expired: 3 });
    expect(await app.database.query('SELECT 1 FROM audit_blocks')).toHaveLength(verdict.blocks);
  });
});

describe('the signed audit trail of people', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('stays intact by an erasure, which leaves nothing that leads to the person', async () => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo, aPerson());
    await sealAll(app);
    const erased = await operator.post(`/v1/admin/users/${userId}/erase`, { reason: 'x', now: true });
    expect(erased.status).toBe(200);
    await sealAll(app);

    expect(await verifyNow(app)).toMatchObject({ verdict: 'intact' });
    const left = await app.database.query(`SELECT FROM audit_records r WHERE strpos(r::text, $1) > 0`, [
      userId,
    ]);
    expect(left).toEqual([]);
  });
});

/** Three blocks of three records. */
async function makeBlocks(made: Pick<TestWorker, 'clock' | 'database' | 'nest'>): Promise<void> {
  for (const name of ['first', 'second', 'third']) {
    for (let index = 0; index < 3; index += 1) await writeRecord(made, `${name}-${index}`);
    await sealAll(made);
  }
}
