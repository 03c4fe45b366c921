import { randomUUID } from 'node:crypto';
import { ErasureCompletion, ErasureService, LedgerAnswers, LedgerStart } from '@countersign/account';
import type { Configuration } from '@countersign/config';
import { extendKeyRing, KeyRing, type KeyRingDocument } from '@countersign/crypto';
import { Rewrapping } from '@countersign/keys';
import { createLogger } from '@countersign/observability';
import { ErasureLedger, LedgerAwayError, type LedgerDraft } from '@countersign/ledger';
import { SessionEndingsInSteps, TokenInspector } from '@countersign/sessions';
import { Installation as InstallationSettings } from '@countersign/users';
import { aPerson } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { Countersign } from '../support/run-countersign';
import { separate } from '../support/separations';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';

const AWAY = 'postgresql://nobody@127.0.0.1:1/ledger';
const LATER_SECONDS = 5;

/** A database in which three people are signed in, and its ledger, as a backup has them. */
class Backup {
  private constructor(
    readonly first: TestApp,
    readonly ledger: TestDatabase,
    readonly demo: Demo,
    readonly people: readonly [PersonSession, PersonSession, PersonSession],
  ) {}

  static async make(): Promise<Backup> {
    const [database, ledger] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
    const app = await TestApp.start({ database, environment: { ERASURE_LEDGER: ledger.directUrl } });
    const demo = await app.createApplication({ settings: { perRequestInitData: { accept: true } } });
    const signIn = () => signInPerson(app, demo);
    const people = [await signIn(), await signIn(), await signIn()] as const;
    await app.close();
    return new Backup(app, ledger, demo, people);
  }

  async drop(): Promise<void> {
    await this.first.database.drop();
    await this.ledger.drop();
  }
}

interface ListedRow {
  readonly userId: string;
  readonly account: string;
  readonly run: string;
}

interface List {
  readonly state: string;
  readonly digest: string;
  readonly erasures: readonly ListedRow[];
  readonly unverified: readonly { readonly userId: string | null }[];
}

/** What one test starts on copies of the backup. */
class Installation {
  private readonly running = new Set<TestApp>();
  private readonly databases = new Set<TestDatabase>();

  private constructor(
    readonly backup: Backup,
    readonly ledger: TestDatabase,
  ) {
    this.databases.add(ledger);
  }

  static async of(backup: Backup): Promise<Installation> {
    return new Installation(backup, await backup.ledger.copy());
  }

  async copy(database = this.backup.first.database): Promise<TestDatabase> {
    const copied = await database.copy();
    this.databases.add(copied);
    return copied;
  }

  /** A replica. The clock is later than at the start before it. */
  async start(database: TestDatabase, { url = this.ledger.directUrl, keys = this.backup.first.keys } = {}) {
    const { clock, telegram } = this.backup.first;
    clock.advance(LATER_SECONDS);
    const app = await TestApp.start({
      database,
      keys,
      clock,
      telegram,
      environment: { ERASURE_LEDGER: url },
    });
    this.running.add(app);
    return app;
  }

  async stop(app: TestApp): Promise<void> {
    this.running.delete(app);
    await app.close();
  }

  async erase(app: TestApp, { userId }: PersonSession): Promise<void> {
    await app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true);
  }

  /** Production goes on after the backup, erases people, and is gone. */
  async eraseSince(...people: readonly PersonSession[]): Promise<TestDatabase> {
    const database = await this.copy();
    const production = await this.start(database);
    for (const person of people) await this.erase(production, person);
    await this.stop(production);
    return database;
  }

  command({ database, keys }: Pick<TestApp, 'database' | 'keys'>): Countersign {
    return new Countersign(
      { database, keys, catchUp: () => TestApp.catchUpOn(database) },
      { ERASURE_LEDGER: this.ledger.directUrl },
    );
  }

  /** By another process that has a key ring. */
  async append(keys: string, draft: LedgerDraft): Promise<void> {
    const configuration = { erasureLedger: this.ledger.directUrl, patience: 1 } as Configuration;
    const { clock } = this.backup.first;
    const ledger = new ErasureLedger(configuration, KeyRing.parse(keys), clock, createLogger('silent'));
    const [last] = (await this.rows()).toReversed();
    await ledger.append(last?.installation ?? '', last?.number ?? 0, [draft]);
    await ledger.onApplicationShutdown();
  }

  rows() {
    return this.ledger.query<{
      installation: string;
      kind: string;
      number: number;
      id: string;
      user_id: string | null;
      macs: object;
    }>('SELECT * FROM countersign_erasures ORDER BY installation, number');
  }

  async drop(): Promise<void> {
    for (const app of this.running) await app.close();
    for (const database of this.databases) await database.drop();
  }
}

const usersOf = async ({ database }: Pick<TestApp, 'database'>): Promise<readonly string[]> =>
  (await database.query<{ id: string }>('SELECT id FROM users ORDER BY id')).map(({ id }) => id);
const actsOf = async ({ database }: Pick<TestApp, 'database'>, action: string): Promise<readonly object[]> =>
  (
    await database.query<{ details: object }>('SELECT details FROM audit_records WHERE action = $1', [action])
  ).map(({ details }) => details);
const hintOf = (app: TestApp): Promise<string | null> => app.nest.get(LedgerStart).hint();
const stateOf = (app: TestApp): Promise<string> => app.nest.get(LedgerStart).run();

describe('the ledger of erasures', () => {
  const backup = useFixture(() => Backup.make(), { close: (made) => made.drop() });
  const installation = useFixture(() => Installation.of(backup), {
    per: 'test',
    close: (made) => made.drop(),
  });
  afterEach(() => jest.restoreAllMocks());

  const launch = (app: TestApp, { person }: PersonSession, extra: object = {}) =>
    app.postSignIn({
      applicationId: backup.demo.applicationId,
      initData: app.initDataOf(backup.demo, person),
      ...extra,
    });

  it('has marks and erasures with MACs; an ordinary start erases nobody and ends no session', async () => {
    const [gone, other] = backup.people;
    const database = await installation.eraseSince(gone);

    const again = await installation.start(database);

    expect((await again.http.get('/health/ready')).status).toBe(200);
    expect(await hintOf(again)).toBeNull();
    expect(await isLive(again, other)).toBe(true);
    expect(await rowsThatHold(database, [gone.userId])).toEqual([]);
    const rows = await installation.rows();
    expect(rows.map(({ kind, user_id: userId }) => [kind, userId])).toEqual([
      ['mark', null],
      ['mark', null],
      ['erasure', gone.userId],
      ['mark', null],
    ]);
    const { index } = JSON.parse(backup.first.keys) as KeyRingDocument;
    for (const { macs } of rows) expect(Object.keys(macs)).toEqual([index[0]?.id]);
    expect(await actsOf(again, 'installation.restored')).toEqual([]);
  });

  it('does not serve before the ledger is compared', async () => {
    const without = await installation.start(await installation.copy(), { url: AWAY });

    const answer = await without.http.get('/health/ready');

    expect(answer.status).toBe(503);
    expect(answer.text).toContain('are not compared with their ledger yet');
    await expect(without.nest.get(LedgerStart).start()).rejects.toThrow(LedgerAwayError);
  });

  it('reports a row that the role of the ledger inserted, copied or changed, which erases nobody', async () => {
    const [gone, other, third] = backup.people;
    const database = await installation.eraseSince(gone);
    const insert = (userId: string, number: number) =>
      installation.ledger.query(
        `INSERT INTO countersign_erasures SELECT installation, $2, $3, kind, run, $1, refers_to, key_id, at, macs
         FROM countersign_erasures WHERE kind = 'erasure' LIMIT 1`,
        [userId, number, randomUUID()],
      );
    await insert(other.userId, 90);
    await insert(gone.userId, 91);
    await installation.ledger.query(`UPDATE countersign_erasures SET macs = 'null' WHERE number = 91`);

    const app = await installation.start(database);

    expect(await hintOf(app)).toBeNull();
    expect(await usersOf(app)).toEqual([other.userId, third.userId].toSorted());
    expect(await isLive(app, other)).toBe(true);
    expect(app.logLines.some((line) => line.includes('entries that do not verify'))).toBe(true);
    const list = await installation.command(app).json<List>('ledger list');
    expect(list).toMatchObject({ state: 'fine', erasures: [] });
    expect(list.unverified.map(({ userId }) => userId)).toEqual([other.userId, gone.userId]);
    await installation.erase(app, other);
    expect(await usersOf(app)).toEqual([third.userId]);
  });

  it.each(['entry', 'number'])(
    'knows a mark of a process that was killed before its %s was written',
    async (step) => {
      const database = await installation.copy();
      const app = await installation.start(database);
      const ledger = app.nest.get(ErasureLedger);
      const settings = app.nest.get(InstallationSettings);
      if (step === 'entry') jest.spyOn(ledger, 'append').mockRejectedValueOnce(new Error('killed'));
      else jest.spyOn(settings, 'noteLedger').mockRejectedValueOnce(new Error('killed'));
      await expect(stateOf(app)).rejects.toThrow('killed');
      const before = await installation.rows();

      const again = await installation.start(database);

      expect(await hintOf(again)).toBeNull();
      expect(await installation.rows()).toHaveLength(before.length + (step === 'entry' ? 1 : 0));
    },
  );

  it.each([['append'], ['destroy']])(
    'completes an erasure of a process that was killed at %s',
    async (step) => {
      const [gone, other] = backup.people;
      const database = await installation.copy();
      const app = await installation.start(database);
      if (step === 'append')
        jest
          .spyOn(app.nest.get(ErasureLedger), 'append')
          .mockRejectedValueOnce(new LedgerAwayError('killed'));
      else
        jest
          .spyOn(app.nest.get(ErasureCompletion), 'destroy')
          .mockRejectedValueOnce(new LedgerAwayError('killed'));
      await installation.erase(app, gone);
      expect(await usersOf(app)).toContain(gone.userId);
      expectProblem(await launch(app, gone), 403, 'user.erasure_pending');

      const again = await installation.start(database);

      expect(await hintOf(again)).toBeNull();
      expect(await usersOf(again)).toContain(gone.userId);
      expect(await again.nest.get(ErasureCompletion).run()).toBe(1);
      expect(await usersOf(again)).not.toContain(gone.userId);
      expect(await isLive(again, other)).toBe(true);
      expect(await stateOf(app)).toBe('fine');
    },
  );

  it('has no unknown entry while two replicas erase and move the mark at once', async () => {
    const database = await installation.copy();
    const [app, other] = [await installation.start(database), await installation.start(database)];
    const [first, second, third] = backup.people;

    const states = await Promise.all([
      installation.erase(app, first),
      ...[stateOf(app), stateOf(other), stateOf(app)],
      installation.erase(other, second),
      stateOf(other),
    ]);

    expect(states.filter(Boolean)).toEqual(['fine', 'fine', 'fine', 'fine']);
    await app.nest.get(ErasureCompletion).run();
    expect(await usersOf(app)).toEqual([third.userId]);
    expect(await stateOf(app)).toBe('fine');
  });

  it('closes the named accounts of a restored backup, refuses its sessions and proofs, and erases after the answer', async () => {
    const [gone, other] = backup.people;
    const old = backup.first.initDataOf(backup.demo, other.person);
    const stranger = backup.first.initDataOf(backup.demo, aPerson());
    await installation.eraseSince(gone);
    const rows = await installation.rows();
    const restored = await installation.start(await installation.copy());

    const ready = await restored.http.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.text).toContain('countersign ledger list');
    expect(await usersOf(restored)).toHaveLength(3);
    for (const extra of [{}, { cancelErasure: true }])
      expectProblem(await launch(restored, gone, extra), 403, 'user.erasure_pending');
    for (const { accessToken, refreshToken } of [gone, other]) {
      expectProblem(await restored.getMe(accessToken), 401, 'session.ended');
      expectProblem(await restored.refresh(refreshToken), 401, 'session.ended');
      expect((await restored.check(accessToken)).status).toBe(401);
      const inspector = restored.nest.get(TokenInspector);
      expect([await inspector.inspect(accessToken), await inspector.inspect(refreshToken)]).toEqual([
        null,
        null,
      ]);
    }
    const { applicationId } = backup.demo;
    for (const initData of [old, stranger]) {
      expectProblem(await restored.postSignIn({ applicationId, initData }), 401, 'auth.proof_outdated');
      const perRequest = restored.http
        .get('/v1/me')
        .set({ authorization: `tma ${initData}`, 'x-countersign-application': applicationId });
      expectProblem(await perRequest, 401, 'auth.proof_outdated');
    }
    expect(await usersOf(restored)).toHaveLength(3);
    const back = await signInPerson(restored, backup.demo, other.person);
    expect(back.userId).toBe(other.userId);
    expectProblem(await back.delete(`/v1/me?confirm=${back.userId}`), 503, 'account.erasures_wait');
    await expect(installation.erase(restored, other)).rejects.toMatchObject({
      code: 'account.erasures_wait',
    });
    await expect(restored.nest.get(ErasureService).cancelFor(gone.userId, 'no')).rejects.toMatchObject({
      code: 'account.erasures_wait',
    });
    expect(await restored.nest.get(ErasureCompletion).run()).toBe(0);
    expect(await stateOf(restored)).toBe('disputed');
    expect(await installation.rows()).toEqual(rows);
    const ends = 'SELECT end_reason FROM sessions WHERE id = ANY($1) ORDER BY id';
    const sessions = [[gone.sessionId, other.sessionId].toSorted()];
    expect(await restored.database.query(ends, sessions)).toEqual([
      { end_reason: null },
      { end_reason: null },
    ]);

    // Another start changes nothing.
    const again = await installation.start(restored.database);
    expect(await isLive(again, back)).toBe(true);
    const command = installation.command(restored);
    const list = await command.json<List>('ledger list');
    expect(list).toMatchObject({
      state: 'disputed',
      erasures: [{ userId: gone.userId, account: 'present', forfeit: [] }],
    });
    expect(await command.failure(`ledger restored ${'0'.repeat(64)}`)).toContain('another list');
    expect(await command.failure(`ledger restored ${list.digest} --keep ${other.userId}`)).toContain(
      '--keep',
    );
    expect(await usersOf(restored)).toHaveLength(3);

    expect(await command.json(`ledger restored ${list.digest} --as anna`)).toEqual({ erased: 1, kept: [] });

    expect(await rowsThatHold(restored.database, [gone.userId])).toEqual([]);
    expect(await isLive(again, back)).toBe(true);
    expect(await isLive(again, other)).toBe(false);
    expect(await restored.database.query(ends, [[other.sessionId]])).toEqual([{ end_reason: 'revoked' }]);
    expectProblem(await restored.postSignIn({ applicationId, initData: old }), 401, 'auth.proof_outdated');
    expect(await actsOf(restored, 'installation.restored')).toEqual([
      { erasedAccounts: '1', keptAccounts: '0', endedSessions: '2' },
    ]);
    expect([await hintOf(again), await stateOf(again)]).toEqual([null, 'fine']);
    expect(await command.failure(`ledger restored ${list.digest}`)).toContain('nothing to answer');
    const next = await installation.start(restored.database);
    expect(await isLive(next, back)).toBe(true);
    await installation.erase(next, other);
    expect(await usersOf(next)).not.toContain(other.userId);
  });

  it('opens kept accounts again, and no later restore erases them', async () => {
    const [gone, kept] = backup.people;
    await installation.eraseSince(gone, kept);
    const restored = await installation.start(await installation.copy());
    const answers = restored.nest.get(LedgerAnswers);
    const list = await answers.list();
    // Killed in the middle.
    jest
      .spyOn(restored.nest.get(SessionEndingsInSteps), 'endOpenedBefore')
      .mockRejectedValueOnce(new Error('killed'));
    await expect(answers.restored(list, [kept.userId])).rejects.toThrow('killed');
    expect((await answers.list()).digest).toBe(list.digest);

    await installation.command(restored).json(`ledger restored ${list.digest} --keep ${kept.userId}`);

    expect(await usersOf(restored)).not.toContain(gone.userId);
    expect((await launch(restored, kept)).status).toBe(200);
    await installation.stop(restored);
    const later = await installation.start(await installation.copy());
    expectProblem(await launch(later, gone), 403, 'user.erasure_pending');
    expect((await launch(later, kept)).status).toBe(200);
    expect((await later.nest.get(LedgerAnswers).list()).erasures).toMatchObject([
      { userId: gone.userId, account: 'present' },
      { userId: kept.userId, account: 'disowned' },
    ]);
  });

  it('gives a copy an id of its own: its sessions work again, and production is not changed', async () => {
    const [gone, other] = backup.people;
    const production = await installation.eraseSince(gone);
    const copy = await installation.start(await installation.copy());
    expect(await isLive(copy, other)).toBe(false);
    const command = installation.command(copy);
    const { digest } = await command.json<List>('ledger list');

    await command.json(`ledger foreign ${digest}`);

    expect((await launch(copy, gone)).status).toBe(200);
    copy.clock.advance(1);
    expect(await isLive(copy, other)).toBe(true);
    expect([await hintOf(copy), await stateOf(copy)]).toEqual([null, 'fine']);
    expect(await actsOf(copy, 'installation.separated')).toEqual([{ disownedErasures: '1' }]);
    await installation.erase(copy, backup.people[2]);
    const original = await installation.start(production);
    expect([await hintOf(original), await isLive(original, other)]).toEqual([null, true]);
    const restored = await installation.start(await installation.copy());
    expect((await restored.nest.get(LedgerAnswers).list()).erasures).toMatchObject([{ userId: gone.userId }]);
  });

  it('serves people and refuses erasures where the ledger has lost entries', async () => {
    const [, other] = backup.people;
    await installation.ledger.query('DELETE FROM countersign_erasures');

    const app = await installation.start(await installation.copy());

    expect((await app.http.get('/health/ready')).text).toContain('the ledger lacks entries');
    expect(await isLive(app, other)).toBe(true);
    await expect(installation.erase(app, other)).rejects.toMatchObject({ code: 'account.erasures_wait' });
    expect(await installation.rows()).toEqual([]);
    const command = installation.command(app);
    const { state, digest } = await command.json<List>('ledger list');
    expect(state).toBe('behind');
    await command.json(`ledger foreign ${digest}`);
    expect(await hintOf(app)).toBeNull();
    await installation.erase(app, other);
    expect(await usersOf(app)).not.toContain(other.userId);
  });

  it('refuses no session where a running replica finds the mark of a copy, and writes nothing', async () => {
    const [, other] = backup.people;
    const app = await installation.start(await installation.copy());
    await installation.append(backup.first.keys, { kind: 'mark' });
    const rows = await installation.rows();

    expect(await stateOf(app)).toBe('disputed');

    expect((await app.http.get('/health/ready')).text).toContain('countersign ledger list');
    expect(await isLive(app, other)).toBe(true);
    await expect(installation.erase(app, other)).rejects.toMatchObject({ code: 'account.erasures_wait' });
    expect(await installation.rows()).toEqual(rows);
    const next = await installation.start(app.database);
    expect(await isLive(next, other)).toBe(false);
  });

  it('erases a person of an old backup after a rotation, and counts no MAC of the retired key', async () => {
    jest.replaceProperty(Rewrapping, 'graceMs', 0);
    const [gone, other] = backup.people;
    const database = await installation.eraseSince(gone);
    const old = JSON.parse(backup.first.keys) as KeyRingDocument;
    const { index } = extendKeyRing(old, 'index').document;
    const keys = JSON.stringify({ ...old, index: index.toReversed() });
    const rotated = await installation.start(database, { keys });
    await rotated.nest.get(Rewrapping).run();
    await installation.stop(rotated);
    const rows = await installation.rows();
    expect(rows.filter(({ macs }) => Object.keys(macs).length === 2).length).toBeGreaterThan(2);
    expect(rows.at(-1)?.kind).toBe('retired');
    await installation.append(backup.first.keys, { kind: 'erasure', userId: other.userId });
    const after = await installation.start(database, { keys });
    expect([await hintOf(after), await isLive(after, other)]).toEqual([null, true]);

    const restored = await installation.start(await installation.copy(), { keys });
    const answers = restored.nest.get(LedgerAnswers);
    const list = await answers.list();
    expect(list.erasures).toMatchObject([{ userId: gone.userId }]);
    expect(list.unverified).toMatchObject([{ userId: other.userId }]);
    expect(await answers.restored(list, [])).toBe(1);
    expect(await usersOf(restored)).not.toContain(gone.userId);
  });

  it('erases the person who asked, and not the account that theirs was merged into', async () => {
    const [survivor, loser] = backup.people;
    const app = await installation.start(await installation.copy());
    const signIn = ({ person }: PersonSession) => signInPerson(app, backup.demo, person);
    await mergeAccounts(app, backup.demo, await signIn(survivor), await signIn(loser));
    await installation.stop(app);
    const merged = await installation.copy(app.database);
    const production = await installation.start(app.database);
    await separate(production, backup.demo, loser.person);
    await installation.erase(production, loser);
    expect(await usersOf(production)).toContain(survivor.userId);
    await installation.stop(production);

    const restored = await installation.start(merged);
    const command = installation.command(restored);
    const list = await command.json<List>('ledger list');
    expect(list.erasures).toMatchObject([{ userId: loser.userId, account: 'merged' }]);
    expect((await launch(restored, survivor)).status).toBe(200);
    expect(await command.json(`ledger restored ${list.digest}`)).toMatchObject({ erased: 0 });

    expect(await usersOf(restored)).toContain(survivor.userId);
    expect((await launch(restored, survivor)).body).toMatchObject({ userId: survivor.userId });
  });

  it('refuses an erasure during the question also while the ledger is away: a cancellation would open the account', async () => {
    const [gone] = backup.people;
    await installation.eraseSince(gone);
    const restored = await installation.start(await installation.copy());
    jest.spyOn(restored.nest.get(ErasureLedger), 'read').mockRejectedValue(new LedgerAwayError('away'));

    await expect(installation.erase(restored, gone)).rejects.toMatchObject({ code: 'account.erasures_wait' });

    const closed = await restored.database.query('SELECT is_disputed, started_at FROM user_erasures');
    expect(closed).toEqual([{ is_disputed: true, started_at: null }]);
  });

  it('takes no answer to a list that has changed, nor after the answer of another operator', async () => {
    const [gone, other, third] = backup.people;
    await installation.eraseSince(gone);
    const restored = await installation.start(await installation.copy());
    const answers = restored.nest.get(LedgerAnswers);
    const first = await answers.list();
    await installation.append(backup.first.keys, { kind: 'erasure', userId: other.userId });
    await expect(answers.restored(first, [])).rejects.toThrow(LedgerAwayError);

    const list = await answers.list();
    const completion = restored.nest.get(ErasureCompletion);
    const destroy = completion.destroy.bind(completion);
    jest.spyOn(completion, 'destroy').mockImplementationOnce(async (userId, number) => {
      await answers.foreign(list);
      return destroy(userId, number);
    });
    await expect(answers.restored(list, [])).rejects.toThrow(LedgerAwayError);

    expect(await usersOf(restored)).toEqual([other.userId, third.userId].toSorted());
    expect([await hintOf(restored), await stateOf(restored)]).toEqual([null, 'fine']);
    await expect(answers.foreign(list)).rejects.toThrow(LedgerAwayError);
  });

  it('lists what was erased under an id that a backup does not know yet', async () => {
    const [gone, other] = backup.people;
    await installation.eraseSince(gone);
    const production = await installation.start(await installation.copy());
    const answers = production.nest.get(LedgerAnswers);
    await answers.foreign(await answers.list());
    await installation.erase(production, other);
    await installation.stop(production);

    const restored = await installation.start(await installation.copy());

    const list = await restored.nest.get(LedgerAnswers).list();
    expect(list.erasures).toMatchObject([{ userId: gone.userId }]);
    expect(list).toMatchObject({ underOtherIds: [{ userId: other.userId, account: 'present' }] });
  });

  it('is asked once where two replicas start at the same moment', async () => {
    const [gone, other] = backup.people;
    await installation.eraseSince(gone);
    const database = await installation.copy();

    const replicas = await Promise.all([installation.start(database), installation.start(database)]);

    for (const replica of replicas) {
      expectProblem(await launch(replica, gone), 403, 'user.erasure_pending');
      expect(await isLive(replica, other)).toBe(false);
      expect((await launch(replica, other)).status).toBe(200);
    }
    const closed = await database.query('SELECT is_disputed, started_at FROM user_erasures');
    expect(closed).toEqual([{ is_disputed: true, started_at: null }]);
  });
});
