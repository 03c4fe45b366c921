import { AuditSealer, AuditService, AuditUpkeep } from '@countersign/audit';
import { Database } from '@countersign/database';
import { generateKeyRing } from '@countersign/crypto';
import { aPerson, times } from '../factories';
import { problemsOf, sealAll, verifyNow, writeRecord } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp, useTestDatabase } from '../support/use-test-app';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const ENVIRONMENT = { AUDIT_RETENTION_DAYS: '30' };

interface Listed {
  readonly id: string;
  readonly block: number;
}

type Sealing = Parameters<typeof sealAll>[0];

/** The records of all blocks. */
const listedIn = ({ database }: Sealing): Promise<readonly Listed[]> =>
  database.query<Listed>(
    `SELECT encode(substring(leaves FROM entry * 48 + 1 FOR 16), 'hex')::uuid AS id, block
     FROM audit_block_leaves, generate_series(0, length(leaves) / 48 - 1) AS entry`,
  );
const numbersIn = async ({ database }: Sealing): Promise<readonly number[]> =>
  (await database.query<{ number: number }>('SELECT number FROM audit_blocks ORDER BY number')).map(
    ({ number }) => number,
  );
/** The actions of the records that are in no block. */
const unsealedIn = async (one: Sealing): Promise<readonly string[]> => {
  const sealed = new Set((await listedIn(one)).map(({ id }) => id));
  const stored = await one.database.query<{ id: string; action: string }>(
    'SELECT id, action FROM audit_records',
  );
  return stored.filter(({ id }) => !sealed.has(id)).map(({ action }) => action);
};

describe('sealing', () => {
  const app = useTestApp({ environment: ENVIRONMENT });
  const demo = useApplication(app);
  const startReplica = () => {
    const { database, keys, clock } = app;
    return TestWorker.start({ database, keys, clock, environment: ENVIRONMENT });
  };
  const one = useFixture(startReplica, { close: (made) => made.close() });
  const another = useFixture(startReplica, { close: (made) => made.close() });

  /** A record of a transaction that stays open until it is told. */
  async function anOpenWriter(): Promise<{ readonly commit: () => Promise<void> }> {
    let end = (): void => undefined;
    const told = new Promise<void>((resolve) => (end = resolve));
    let begun = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const writing = app.nest.get(Database).transaction(async (tx) => {
      await app.nest.get(AuditService).record(tx, 'job.run_requested', { actor: 'system', subject: 'slow' });
      begun();
      await told;
    });
    await hasBegun;
    return {
      commit: async () => {
        end();
        await writing;
      },
    };
  }

  it('by several replicas at once makes one chain, with every record once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const work = [app, one, another].map((each) => each.nest.get(AuditSealer).run());
      await Promise.all([...times(6, () => app.signIn(demo, aPerson())), ...work]);
    }
    await sealAll(app);
    await sealAll(app);

    const all = await numbersIn(app);
    expect(all).toEqual(all.map((_, index) => index + 1));
    const ids = (await listedIn(app)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await unsealedIn(app)).toEqual([]);
    expect(problemsOf(await verifyNow(app))).toEqual([]);
  });

  async function secondsUnsealed(): Promise<number> {
    const { text } = await app.gateway.get('/metrics');
    return Number(/^countersign_audit_unsealed_seconds\{[^}]*\} (\S+)$/m.exec(text)?.[1]);
  }

  it('waits for no open transaction, and takes its record into a later block', async () => {
    await sealAll(app);
    await app.signIn(demo, aPerson());
    await sealAll(app);
    const slow = await anOpenWriter();
    // Behind the open transaction: whether it comes before them is not known yet.
    await app.signIn(demo, aPerson());
    const before = await numbersIn(app);
    await app.nest.get(AuditSealer).run();
    expect(await numbersIn(app)).toEqual(before);
    expect(await unsealedIn(app)).toEqual(['user.created']);
    expect(problemsOf(await verifyNow(app))).toEqual([]);
    app.clock.advance(1_000);
    await app.nest.get(AuditSealer).run();
    expect(await secondsUnsealed()).toBeGreaterThanOrEqual(1_000);

    await slow.commit();
    await sealAll(app);
    expect(await secondsUnsealed()).toBe(0);
    expect(await unsealedIn(app)).toEqual([]);

    const [late] = await app.database.query<{ id: string }>(
      `SELECT id FROM audit_records WHERE subject = 'slow'`,
    );
    const sealed = await listedIn(app);
    expect(sealed.filter(({ id }) => id === late?.id)).toHaveLength(1);
    expect(problemsOf(await verifyNow(app))).toEqual([]);
  });

  it('dates no block before the one before it, also when the clock has gone back', async () => {
    await app.signIn(demo, aPerson());
    await sealAll(app);
    const { length: before } = await numbersIn(app);
    app.clock.advance(-5);
    await app.signIn(demo, aPerson());
    await sealAll(app);

    expect((await numbersIn(app)).length).toBeGreaterThan(before);
    expect(problemsOf(await verifyNow(app))).toEqual([]);
  });

  describe('closes a day', () => {
    let day: string;

    beforeEach(async () => {
      await app.signIn(demo, aPerson());
      day = app.clock.now().toISOString().slice(0, 10);
    });

    function advanceTo(secondsAfterEnd: number): void {
      const end = new Date(`${day}T00:00:00Z`).getTime() / 1_000 + DAY;
      app.clock.advance(end + secondsAfterEnd - Math.floor(app.clock.now().getTime() / 1_000));
    }

    async function isClosed(): Promise<boolean> {
      const found = await app.database.query('SELECT 1 FROM audit_days WHERE day = $1::date AND is_closed', [
        day,
      ]);
      return found.length > 0;
    }

    /** A run may seal records that keep the day open; the next one finds none. */
    async function sealTwice(): Promise<void> {
      for (let run = 0; run < 2; run += 1) await sealAll(app);
    }

    it('two hours after its end', async () => {
      advanceTo(2 * HOUR - 60);
      await sealTwice();
      expect(await isClosed()).toBe(false);

      advanceTo(2 * HOUR);
      await until(async () => {
        await sealAll(app);
        return await isClosed();
      });
    });

    it('when the transactions that were open then have ended', async () => {
      const late = await anOpenWriter();
      advanceTo(2 * HOUR);
      for (let run = 0; run < 3; run += 1) await app.nest.get(AuditSealer).run();
      expect(await isClosed()).toBe(false);

      const later = await anOpenWriter();
      await late.commit();
      await until(async () => {
        await app.nest.get(AuditSealer).run();
        return await isClosed();
      });

      await later.commit();
      await sealAll(app);
      expect(await unsealedIn(app)).toEqual([]);
      expect(problemsOf(await verifyNow(app))).toEqual([]);
    });
  });

  it('takes in all records of an instant, also where they are more than a block holds', async () => {
    await app.signIn(demo, aPerson());
    // Leaves the record of its key.
    await sealAll(app);
    await app.nest.get(AuditService).prepare();
    await app.nest.get(Database).transaction((tx) =>
      app.nest.get(AuditService).recordAll(
        tx,
        'job.run_requested',
        times(5_001, () => ({ actor: 'system' })),
      ),
    );
    await sealAll(app);

    expect(await unsealedIn(app)).toEqual([]);
  });
});

describe('sealing of a trail that was changed, or is dropped', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase({}, { per: 'test' });
  const clock = useFixture(() => new FakeClock(), { per: 'test' });
  const worker = useFixture(() => TestWorker.start({ database, keys, clock, environment: ENVIRONMENT }), {
    per: 'test',
    close: (made) => made.close(),
  });
  const one = useFixture(() => ({ database, nest: worker.nest }), { per: 'test' });

  /** A record. */
  const write = () => writeRecord(one);

  it('goes on when a backup was restored into a cluster whose transactions have lower numbers', async () => {
    await Promise.all(times(3, () => write()));
    await sealAll(one);
    const { length: sealedBefore } = await listedIn(one);
    await write();
    const far = '1000000000000';
    await database.query(`UPDATE audit_records SET xid = xid + ${far}`);
    await database.query(`UPDATE audit_days SET sealed_below = sealed_below + ${far}, is_closed = true`);
    await database.query(
      `UPDATE audit_block_leaves SET lowest_xid = lowest_xid + ${far}, highest_xid = highest_xid + ${far}`,
    );
    expect(await unsealedIn(one)).not.toEqual([]);
    await sealAll(one);
    await write();
    await sealAll(one);

    const ids = (await listedIn(one)).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(sealedBefore);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await unsealedIn(one)).toEqual([]);
    expect(problemsOf(await verifyNow(one))).toEqual([]);
  });

  it('closes a day whose end another cluster has counted', async () => {
    await write();
    await sealAll(one);
    await database.query('UPDATE audit_days SET closing_below = 1000000000000');
    clock.advance(2 * DAY);

    await until(async () => {
      await sealAll(one);
      return (await database.query('SELECT 1 FROM audit_days WHERE is_closed')).length > 0;
    });
    expect(await unsealedIn(one)).toEqual([]);
  });

  it('takes records of a version without codes in the first hour after their adoption only', async () => {
    const insert = `INSERT INTO audit_records (occurred_at, id, action, actor, details, xid)
      SELECT occurred_at, gen_random_uuid(), action, actor, details, 0 FROM audit_records LIMIT 1`;
    await database.query('INSERT INTO audit_adoption VALUES (1)');
    await write();
    await database.query(insert);
    await sealAll(one);
    expect(await verifyNow(one)).toMatchObject({ isSound: true, withoutMac: 1 });

    clock.advance(HOUR);
    await write();
    await database.query(insert);
    await sealAll(one);
    expect(problemsOf(await verifyNow(one))).toEqual(['record_inserted']);
  });

  it('finds in the trail why a day is gone that a longer retention time would have kept', async () => {
    await write();
    await sealAll(one);
    clock.advance(32 * DAY);
    await one.nest.get(AuditUpkeep).run();
    await sealAll(one);
    const worker = await TestWorker.start({ database, keys, clock });
    const later = { database, nest: worker.nest };
    try {
      expect(problemsOf(await verifyNow(later))).toEqual([]);
      await database.query(
        `UPDATE audit_records SET subject = '2020-01-01' WHERE action = 'audit.day_dropped'`,
      );
      expect(problemsOf(await verifyNow(later))).toEqual(
        expect.arrayContaining([expect.stringContaining('day_removed')]),
      );
    } finally {
      await worker.close();
    }
  });

  it('records each day that is dropped, also where a later one cannot be', async () => {
    await write();
    await sealAll(one);
    clock.advance(DAY);
    await write();
    await sealAll(one);
    const [first, second] = await database.query<{ day: string }>(
      'SELECT DISTINCT day::text FROM audit_blocks WHERE day IS NOT NULL ORDER BY 1',
    );
    clock.advance(40 * DAY);
    const partition = `audit_records_${(second?.day ?? '').replaceAll('-', '')}`;
    const reader = await database.hold(`LOCK TABLE ${partition} IN ACCESS SHARE MODE`);
    try {
      await expect(one.nest.get(AuditUpkeep).run()).rejects.toThrow();
    } finally {
      await reader.commit();
    }
    await one.nest.get(AuditUpkeep).run();

    const dropped = await database.query<{ subject: string }>(
      `SELECT subject FROM audit_records WHERE action = 'audit.day_dropped' ORDER BY 1`,
    );
    expect(dropped.map(({ subject }) => subject)).toEqual(expect.arrayContaining([first?.day, second?.day]));
  });

  it('keeps the blocks of days that are dropped for their age, and tells them from days that were removed', async () => {
    await write();
    await sealAll(one);
    const [first] = await database.query<{ day: string }>('SELECT day::text FROM audit_blocks LIMIT 1');
    const partition = `audit_records_${(first?.day ?? '').replaceAll('-', '')}`;
    clock.advance(2 * DAY);
    await write();
    await sealAll(one);

    await database.query(`ALTER TABLE audit_records DETACH PARTITION ${partition}`);
    expect((await verifyNow(one)).problems).toEqual([
      expect.objectContaining({ code: 'day_removed', day: first?.day }),
    ]);
    const end = new Date(new Date(first?.day ?? '').getTime() + DAY * 1_000).toISOString();
    await database.query(
      `ALTER TABLE audit_records ATTACH PARTITION ${partition} FOR VALUES FROM ('${first?.day}T00:00:00Z') TO ('${end}')`,
    );
    expect(problemsOf(await verifyNow(one))).toEqual([]);

    clock.advance(30 * DAY);
    expect(await one.nest.get(AuditUpkeep).run()).toContain(partition);
    await sealAll(one);
    const verdict = await verifyNow(one);
    expect(problemsOf(verdict)).toEqual([]);
    expect(verdict.expiredBlocks).toBeGreaterThan(0);
    expect(
      await database.query('SELECT 1 FROM audit_block_leaves WHERE day = $1::date', [first?.day]),
    ).toEqual([]);
  });
});
