import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { ErasureMarkUpkeep, ErasureService, LedgerReplay } from '@countersign/account';
import { ErasureLedger } from '@countersign/ledger';
import { expectProblem } from '../support/expect-problem';
import { aFileLedger, aPostgresLedger, type TestLedger } from '../support/ledger-cases';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { Countersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

/** An installation that is stopped, restored and started again. */
class Installation {
  private constructor(
    private database: TestDatabase,
    private readonly ledger: TestLedger,
    private running: TestApp,
  ) {}

  static async start(ledger: TestLedger): Promise<Installation> {
    const database = await createTestDatabase();
    const app = await TestApp.start({ database, environment: { ERASURE_LEDGER: ledger.url } });
    return new Installation(database, ledger, app);
  }

  get app(): TestApp {
    return this.running;
  }

  async backUp(): Promise<TestDatabase> {
    await this.running.close();
    const backup = await this.database.copy();
    await this.startAgain();
    return backup;
  }

  async restore(backup: TestDatabase): Promise<void> {
    await this.running.close();
    await this.database.drop();
    this.database = backup;
    await this.startAgain();
  }

  async startAgain(): Promise<void> {
    const { keys, clock, telegram } = this.running;
    this.running = await TestApp.start({
      database: this.database,
      keys,
      clock,
      telegram,
      environment: { ERASURE_LEDGER: this.ledger.url },
    });
  }

  async stop(): Promise<void> {
    await this.running.close().catch(() => undefined);
    await this.database.drop();
    await this.ledger.drop();
  }
}

describe.each([
  ['a file', aFileLedger],
  ['a PostgreSQL', aPostgresLedger],
])('a ledger of erasures in %s', (_, aLedger) => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.start(await aLedger());
  });
  afterEach(() => installation.stop());

  const mark = () => installation.app.nest.get(ErasureMarkUpkeep).run();

  async function twoPeople(): Promise<readonly [PersonSession, PersonSession]> {
    const demo = await installation.app.createApplication();
    return [await signInPerson(installation.app, demo), await signInPerson(installation.app, demo)];
  }

  const eraseNow = ({ userId }: PersonSession) =>
    installation.app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true);

  const auditedActions = async (): Promise<readonly string[]> => {
    const records = await installation.app.database.query<{ action: string }>(
      'SELECT action FROM audit_records ORDER BY id',
    );
    return records.map(({ action }) => action);
  };

  it('erases again what a restored database has, and ends its sessions', async () => {
    const [gone, kept] = await twoPeople();
    const backup = await installation.backUp();
    await eraseNow(gone);
    await mark();

    await installation.restore(backup);

    const { app } = installation;
    expect(await rowsThatHold(app.database, [gone.userId])).toEqual([]);
    for (const { accessToken, refreshToken } of [gone, kept]) {
      expect((await app.getMe(accessToken)).status).toBe(401);
      expect((await app.refresh(refreshToken)).status).toBe(401);
    }
    expect(await auditedActions()).toEqual(
      expect.arrayContaining(['user.erased', 'session.ended', 'installation.restored']),
    );
    await app.close();
    await installation.startAgain();
    expect((await auditedActions()).filter((action) => action === 'installation.restored')).toHaveLength(1);
  });

  it('notices a restore within the hour by what is erased', async () => {
    const [gone, kept] = await twoPeople();
    const backup = await installation.backUp();
    await eraseNow(gone);

    await installation.restore(backup);

    expect(await rowsThatHold(installation.app.database, [gone.userId])).toEqual([]);
    expect((await installation.app.getMe(kept.accessToken)).status).toBe(401);
  });

  it('ends the sessions of a database that was restored without an erasure since, and nothing else', async () => {
    const [one, two] = await twoPeople();
    const backup = await installation.backUp();
    await mark();

    await installation.restore(backup);

    for (const { userId, accessToken } of [one, two]) {
      expect((await installation.app.getMe(accessToken)).status).toBe(401);
      expect(await rowsThatHold(installation.app.database, [userId])).toContain('public.users');
    }
    expect(await auditedActions()).not.toContain('user.erased');
  });

  it('changes nothing when the database was not restored', async () => {
    const [one] = await twoPeople();
    await mark();
    await installation.app.close();
    await installation.startAgain();

    expect(await isLive(installation.app, one)).toBe(true);
    expect(await auditedActions()).not.toContain('installation.restored');
  });

  it('finishes an erasure that was killed after it was written to the ledger, without ending sessions', async () => {
    const [gone, kept] = await twoPeople();
    const { app } = installation;
    const at = app.clock.now();
    await app.nest.get(ErasureService).eraseFor(gone.userId, 'ticket-1', false);
    await app.database.query('UPDATE user_erasures SET started_at = $2, erase_at = $2 WHERE user_id = $1', [
      gone.userId,
      at,
    ]);
    await app.nest.get(ErasureLedger).intend([gone.userId], at);
    await app.close();
    await installation.startAgain();

    expect(await isLive(installation.app, kept)).toBe(true);
    expect(await rowsThatHold(installation.app.database, [gone.userId])).not.toEqual([]);
  });
});

describe('a ledger of erasures', () => {
  let installation: Installation;
  let ledger: TestLedger;
  const fileOf = (): string => ledger.url.slice('file:'.length);

  beforeEach(async () => {
    ledger = await aFileLedger();
    installation = await Installation.start(ledger);
  });
  afterEach(() => installation.stop());

  it('that is lost stops the boot until an operator accepts it', async () => {
    const { app } = installation;
    const demo = await app.createApplication();
    await app.nest.get(ErasureMarkUpkeep).run();
    await app.close();
    await writeFile(fileOf(), '');

    await expect(installation.startAgain()).rejects.toThrow(
      /is behind this database.*countersign ledger accept/s,
    );
    const countersign = new Countersign(
      { database: app.database, keys: app.keys },
      { ERASURE_LEDGER: ledger.url },
    );
    await expect(countersign.json('ledger accept --reason ticket-7')).resolves.toMatchObject({ mark: 2 });
    await installation.startAgain();
    expect(await installation.app.signIn(demo)).toMatchObject({ isNewUser: true });
    expect(await countersign.failure('ledger accept --reason ticket-7')).toContain('nothing to accept');
  });

  it('that is an older copy stops the boot', async () => {
    const older = await readFile(fileOf(), 'utf8');
    await installation.app.nest.get(ErasureMarkUpkeep).run();
    await installation.app.close();
    await writeFile(fileOf(), older);

    await expect(installation.startAgain()).rejects.toThrow('is behind this database');
  });

  it('of another installation stops the boot', async () => {
    await installation.app.close();
    const text = await readFile(fileOf(), 'utf8');
    await writeFile(fileOf(), text.replaceAll(/[0-9a-f-]{36}/g, '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10'));

    await expect(installation.startAgain()).rejects.toThrow('belongs to another database');
  });

  it('that is no ledger stops the boot', async () => {
    await installation.app.close();
    await writeFile(fileOf(), 'first,second\n');

    await expect(installation.startAgain()).rejects.toThrow('is not a ledger of erasures');
  });

  it('is read past a line that a crash cut off', async () => {
    await installation.app.close();
    await appendFile(fileOf(), '{"type":"intend","userIds":["01');

    await installation.startAgain();
    await expect(installation.app.nest.get(ErasureMarkUpkeep).run()).resolves.toBe(2);
    await expect(installation.app.nest.get(LedgerReplay).verify()).resolves.toBeUndefined();
  });

  it('that is away keeps a replica from being ready, and erases nothing', async () => {
    await installation.app.close();
    const { database, keys, clock, telegram } = installation.app;
    const away = await TestApp.start({
      database,
      keys,
      clock,
      telegram,
      environment: { ERASURE_LEDGER: 'postgresql://nobody@127.0.0.1:1/ledger' },
    });
    try {
      const answer = await away.http.get('/health/ready');
      expect(answer.status).toBe(503);
      expect(answer.text).toContain('are not compared with their ledger yet');
      const demo = await away.createApplication();
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
    } finally {
      await away.close();
      await installation.startAgain();
    }
  });
});
