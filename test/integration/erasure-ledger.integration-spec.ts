import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { ErasureMarkUpkeep, ErasureService, LedgerReplay } from '@countersign/account';
import { ErasureLedger } from '@countersign/ledger';
import { expectProblem } from '../support/expect-problem';
import { aFileLedger, aPostgresLedger, type TestLedger } from '../support/ledger-cases';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { Countersign } from '../support/run-countersign';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { useFixture } from '../support/use-fixture';

/** A backup of an installation with two people who are signed in. */
class Backup {
  private constructor(
    private readonly backedUp: TestApp,
    readonly database: TestDatabase,
    readonly demo: Demo,
    readonly people: readonly [PersonSession, PersonSession],
  ) {}

  static async make(): Promise<Backup> {
    const ledger = await aFileLedger();
    const database = await createTestDatabase();
    const app = await TestApp.start({ database, environment: { ERASURE_LEDGER: ledger.url } });
    const demo = await app.createApplication();
    const people = [await signInPerson(app, demo), await signInPerson(app, demo)] as const;
    await app.close();
    await ledger.drop();
    return new Backup(app, database, demo, people);
  }

  get options() {
    const { keys, clock, telegram } = this.backedUp;
    return { keys, clock, telegram };
  }

  /** As it was at the backup. */
  async ledger(aLedger: () => Promise<TestLedger>): Promise<TestLedger> {
    const [row] = await this.database.query<{ lineage: string; mark: string }>(
      'SELECT lineage, mark FROM erasure_marks',
    );
    const ledger = await aLedger();
    const opened = ledger.open();
    if (row) await opened.writeMark({ lineage: row.lineage, mark: Number(row.mark) });
    await opened.close();
    return ledger;
  }

  drop(): Promise<void> {
    return this.database.drop();
  }
}

/** A database that was restored from the backup, its ledger, and what runs on them. */
class Restored {
  private readonly running: (TestApp | TestWorker)[] = [];

  private constructor(
    private readonly backup: Backup,
    readonly database: TestDatabase,
    readonly ledger: TestLedger,
  ) {}

  static async from(backup: Backup, ledger: TestLedger): Promise<Restored> {
    return new Restored(backup, await backup.database.copy(), ledger);
  }

  get keys(): string {
    return this.backup.options.keys;
  }

  start(ledgerUrl = this.ledger.url): Promise<TestApp> {
    return this.keep(TestApp.start(this.optionsWith(ledgerUrl)));
  }

  /** @throws what stops the boot */
  boot(): Promise<TestWorker> {
    return this.keep(TestWorker.start(this.optionsWith(this.ledger.url)));
  }

  async stop(): Promise<void> {
    for (const app of this.running.splice(0)) await app.close();
  }

  async drop(): Promise<void> {
    await this.stop();
    await this.database.drop();
    await this.ledger.drop();
  }

  private optionsWith(ledgerUrl: string) {
    const { database } = this;
    return { database, ...this.backup.options, environment: { ERASURE_LEDGER: ledgerUrl } };
  }

  private async keep<T extends TestApp | TestWorker>(starting: Promise<T>): Promise<T> {
    const app = await starting;
    this.running.push(app);
    return app;
  }
}

function useRestored(
  backup: Backup,
  ledger: () => Promise<TestLedger>,
  per: 'block' | 'test' = 'test',
): Restored {
  return useFixture(async () => Restored.from(backup, await ledger()), {
    per,
    close: (restored) => restored.drop(),
  });
}

const mark = ({ nest }: Pick<TestWorker, 'nest'>) => nest.get(ErasureMarkUpkeep).run();

const verify = ({ nest }: Pick<TestWorker, 'nest'>) => nest.get(LedgerReplay).verify();

const backup = useFixture(() => Backup.make(), { close: (made) => made.drop() });

describe.each([
  ['a file', aFileLedger],
  ['a PostgreSQL', aPostgresLedger],
])('a ledger of erasures in %s', (_, aLedger) => {
  const original = useRestored(backup, () => backup.ledger(aLedger), 'block');
  const app = useFixture(() => original.start());

  /** Of the original, after a mark, and then after an erasure too. */
  const ledgers = useFixture(
    async () => {
      await mark(app);
      const marked = await original.ledger.copy();
      const [gone] = backup.people;
      await app.nest.get(ErasureService).eraseFor(gone.userId, 'ticket-1', true);
      return { marked, erased: await original.ledger.copy() };
    },
    {
      close: async ({ marked, erased }) => {
        await marked.drop();
        await erased.drop();
      },
    },
  );

  const auditedActions = async ({ database }: TestApp): Promise<readonly string[]> => {
    const records = await database.query<{ action: string }>('SELECT action FROM audit_records ORDER BY id');
    return records.map(({ action }) => action);
  };

  describe('after an erasure', () => {
    const restored = useRestored(backup, () => ledgers.erased.copy());

    it('erases again what a restored database has, and ends its sessions', async () => {
      const [gone, kept] = backup.people;
      expect(await rowsThatHold(restored.database, [gone.userId])).toContain('public.users');

      const replica = await restored.start();

      expect(await rowsThatHold(restored.database, [gone.userId])).toEqual([]);
      for (const { accessToken, refreshToken } of [gone, kept]) {
        expect((await replica.getMe(accessToken)).status).toBe(401);
        expect((await replica.refresh(refreshToken)).status).toBe(401);
      }
      expect(await auditedActions(replica)).toEqual(
        expect.arrayContaining(['user.erased', 'session.ended', 'installation.restored']),
      );
      await restored.boot();
      expect(
        (await auditedActions(replica)).filter((action) => action === 'installation.restored'),
      ).toHaveLength(1);
    });

    it('notices a restore within the hour by what is erased', async () => {
      const [gone, kept] = backup.people;
      // The backup is of after the mark, when the erasure had begun and was not done.
      await restored.database.query('UPDATE erasure_marks SET mark = mark + 1, next_mark = mark + 1');
      const at = app.clock.now();
      await restored.database.query(
        `INSERT INTO user_erasures (user_id, kind, reason, requested_at, erase_at, started_at)
         VALUES ($1, 'closed', 'operator', $2, $2, $2)`,
        [gone.userId, at],
      );

      const replica = await restored.start();

      expect(await rowsThatHold(restored.database, [gone.userId])).toEqual([]);
      expect((await replica.getMe(kept.accessToken)).status).toBe(401);
    });
  });

  describe('without an erasure since', () => {
    const restored = useRestored(backup, () => ledgers.marked.copy());

    it('ends the sessions of a restored database and the proofs from before, and nothing else', async () => {
      const { demo, people } = backup;
      const { applicationId } = demo;
      const captured = people.map(({ person }) => app.initDataOf(demo, person));
      app.clock.advance(1);

      const replica = await restored.start();

      for (const [index, { userId, person, accessToken }] of people.entries()) {
        expect((await replica.getMe(accessToken)).status).toBe(401);
        const before = await replica.postSignIn({ applicationId, initData: captured[index] });
        expectProblem(before, 401, 'auth.proof_outdated');
        expect(await replica.signIn(demo, person)).toMatchObject({ userId });
        expect(await rowsThatHold(restored.database, [userId])).toContain('public.users');
      }
      expect(await auditedActions(replica)).not.toContain('user.erased');
    });
  });

  it('changes nothing when the database was not restored', async () => {
    const one = await signInPerson(app, backup.demo);
    await mark(app);

    await original.boot();

    expect(await isLive(app, one)).toBe(true);
    expect(await auditedActions(app)).not.toContain('installation.restored');
  });

  it('finishes an erasure that was killed after it was written to the ledger, without ending sessions', async () => {
    const gone = await signInPerson(app, backup.demo);
    const kept = await signInPerson(app, backup.demo);
    const at = app.clock.now();
    await app.nest.get(ErasureService).eraseFor(gone.userId, 'ticket-1', false);
    await app.database.query('UPDATE user_erasures SET started_at = $2, erase_at = $2 WHERE user_id = $1', [
      gone.userId,
      at,
    ]);
    await app.nest.get(ErasureLedger).intend([gone.userId], at);

    await original.boot();

    expect(await isLive(app, kept)).toBe(true);
    expect(await rowsThatHold(app.database, [gone.userId])).not.toEqual([]);
  });
});

describe('a ledger of erasures', () => {
  const installation = useRestored(backup, () => backup.ledger(aFileLedger));
  const fileOf = (): string => installation.ledger.url.slice('file:'.length);

  it('that is lost stops the boot until an operator accepts it', async () => {
    await writeFile(fileOf(), '');

    await expect(installation.boot()).rejects.toThrow(/is behind this database.*countersign ledger accept/s);
    const countersign = Countersign.keptOpen(installation, { ERASURE_LEDGER: installation.ledger.url });
    try {
      await expect(countersign.json('ledger accept --reason ticket-7')).resolves.toMatchObject({ mark: 1 });
      const app = await installation.start();
      expect(await app.signIn(backup.demo)).toMatchObject({ isNewUser: true });
      expect(await countersign.failure('ledger accept --reason ticket-7')).toContain('nothing to accept');
    } finally {
      await countersign.close();
    }
  });

  it('is read past a line that a crash cut off, and stops the boot when it is an older copy', async () => {
    await appendFile(fileOf(), '{"type":"intend","userIds":["01');
    const older = await readFile(fileOf(), 'utf8');

    const worker = await installation.boot();
    await expect(mark(worker)).resolves.toBe(2);
    await expect(verify(worker)).resolves.toBeUndefined();

    await installation.stop();
    await writeFile(fileOf(), older);
    await expect(installation.boot()).rejects.toThrow('is behind this database');
  });

  it('of another installation stops the boot', async () => {
    const text = await readFile(fileOf(), 'utf8');
    await writeFile(fileOf(), text.replaceAll(/[0-9a-f-]{36}/g, '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10'));

    await expect(installation.boot()).rejects.toThrow('belongs to another database');
  });

  it('that is no ledger stops the boot', async () => {
    await writeFile(fileOf(), 'first,second\n');

    await expect(installation.boot()).rejects.toThrow('is not a ledger of erasures');
  });

  it('that is away keeps a replica from being ready, and erases nothing', async () => {
    const { demo } = backup;
    const away = await installation.start('postgresql://countersign@127.0.0.1:1/ledger');

    const answer = await away.http.get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('are not compared with their ledger yet');
    const session = await signInPerson(away, demo);
    await session.stepUp();
    await expect(away.nest.get(ErasureService).eraseFor(session.userId, 'ticket-1', true)).resolves.toEqual(
      away.clock.now(),
    );
    expect(await rowsThatHold(away.database, [session.userId])).not.toEqual([]);
    expectProblem(
      await away.postSignIn({
        applicationId: demo.applicationId,
        initData: away.initDataOf(demo, session.person),
      }),
      403,
      'user.erasure_pending',
    );
  });
});
