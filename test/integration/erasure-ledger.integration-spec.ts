import { ErasureCompletion, ErasureService, LedgerReplay } from '@countersign/account';
import { ErasureLedger, LedgerAwayError } from '@countersign/ledger';
import { Erasures } from '@countersign/users';
import { expectProblem } from '../support/expect-problem';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';

const AWAY = 'postgresql://nobody@127.0.0.1:1/ledger';

/** An installation with two people, and a backup of it in which both are signed in. */
class Installation {
  private readonly running = new Set<TestApp>();

  private constructor(
    private readonly first: TestApp,
    readonly ledger: TestDatabase,
    readonly backup: TestDatabase,
    readonly demo: Demo,
    readonly people: readonly [PersonSession, PersonSession],
  ) {}

  static async make(): Promise<Installation> {
    const [database, ledger] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
    const app = await TestApp.start({ database, environment: { ERASURE_LEDGER: ledger.directUrl } });
    const demo = await app.createApplication();
    const people = [await signInPerson(app, demo), await signInPerson(app, demo)] as const;
    await app.close();
    return new Installation(app, ledger, await database.copy(), demo, people);
  }

  get database(): TestDatabase {
    return this.first.database;
  }

  async start(database: TestDatabase, ledgerUrl = this.ledger.directUrl): Promise<TestApp> {
    const { keys, clock, telegram } = this.first;
    const environment = { ERASURE_LEDGER: ledgerUrl };
    const app = await TestApp.start({ database, keys, clock, telegram, environment });
    this.running.add(app);
    return app;
  }

  async erase(app: TestApp, { userId }: PersonSession): Promise<void> {
    await app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true);
  }

  async drop(): Promise<void> {
    for (const app of this.running) await app.close();
    for (const database of [this.database, this.backup, this.ledger]) await database.drop();
  }
}

describe('the ledger of erasures', () => {
  afterEach(() => jest.restoreAllMocks());

  const installation = useFixture(() => Installation.make(), { per: 'test', close: (made) => made.drop() });

  const usersOf = async ({ database }: Pick<TestApp, 'database'>): Promise<readonly string[]> =>
    (await database.query<{ id: string }>('SELECT id FROM users')).map(({ id }) => id);
  const restoresOf = ({ database }: Pick<TestApp, 'database'>) =>
    database.query<{ details: object }>(
      "SELECT details FROM audit_records WHERE action = 'installation.restored'",
    );

  it('erases again at the boot on a backup, ends the sessions of the backup, once, and does not serve before', async () => {
    const { people, backup } = installation;
    const [gone, other] = people;
    await installation.erase(await installation.start(installation.database), gone);
    // Ids and instants alone.
    expect(await installation.ledger.query('SELECT * FROM countersign_erasures')).toEqual([
      { user_id: gone.userId, erased_at: expect.any(Date) as Date },
    ]);

    const without = await installation.start(backup, AWAY);
    const answer = await without.http.get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('are not repeated by their ledger yet');
    await expect(without.nest.get(LedgerReplay).run()).rejects.toThrow(LedgerAwayError);

    const restored = await installation.start(backup);

    expect((await restored.http.get('/health/ready')).status).toBe(200);
    expect(await usersOf(restored)).toEqual([other.userId]);
    expect(await rowsThatHold(backup, [gone.userId])).toEqual([]);
    expect(await isLive(restored, other)).toBe(false);
    expect(await restoresOf(restored)).toEqual([{ details: { erasedAccounts: '1', endedSessions: '1' } }]);
    const back = await signInPerson(restored, installation.demo, other.person);
    await restored.nest.get(LedgerReplay).run();
    const again = await installation.start(backup);
    expect(await isLive(again, back)).toBe(true);
    expect(await restoresOf(again)).toHaveLength(1);
  });

  it('delays an erasure while it is away, and loses none', async () => {
    const app = await installation.start(installation.database);
    const [gone, other] = installation.people;
    const record = jest.spyOn(app.nest.get(ErasureLedger), 'record');
    record.mockRejectedValueOnce(new LedgerAwayError('away'));
    await installation.erase(app, gone);
    expect(await usersOf(app)).toContain(gone.userId);
    expectProblem(
      await app.postSignIn({
        applicationId: installation.demo.applicationId,
        initData: app.initDataOf(installation.demo, gone.person),
      }),
      403,
      'user.erasure_pending',
    );

    await app.nest.get(ErasureCompletion).run();

    expect(await usersOf(app)).toEqual([other.userId]);
    record.mockRestore();
    // What it began itself is no restored backup.
    expect(await restoresOf(app)).toEqual([]);
  });

  it('takes no erasure for a restore that another replica completes while this one boots', async () => {
    const app = await installation.start(installation.database);
    const booting = await installation.start(installation.database);
    const [gone, other] = installation.people;
    const ledger = app.nest.get(ErasureLedger);
    const record = ledger.record.bind(ledger);
    jest.spyOn(ledger, 'record').mockImplementationOnce(async (...entry) => {
      await record(...entry);
      throw new LedgerAwayError('away');
    });
    await installation.erase(app, gone);
    const erasures = booting.nest.get(Erasures);
    const ownersOf = erasures.ownersOf.bind(erasures);
    jest.spyOn(erasures, 'ownersOf').mockImplementationOnce(async (ids) => {
      const found = await ownersOf(ids);
      await app.nest.get(ErasureCompletion).run();
      return found;
    });

    await booting.nest.get(LedgerReplay).run();

    expect(await usersOf(app)).toEqual([other.userId]);
    expect(await restoresOf(app)).toEqual([]);
    expect(await isLive(app, other)).toBe(true);
  });
});
