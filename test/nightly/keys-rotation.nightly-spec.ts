import { randomUUID } from 'node:crypto';
import {
  extendKeyRing,
  generateKeyRing,
  KeyRing,
  type KeyPurpose,
  type KeyRingDocument,
} from '@countersign/crypto';
import { InstallationService, UserLookups } from '@countersign/account';
import { AppError } from '@countersign/errors';
import { LookupUpkeep } from '@countersign/users';
import { KeyRotation, Rewrapping } from '@countersign/keys';
import { aPerson, type Person } from '../factories';
import { signInPerson, type PersonSession } from '../support/person-session';
import { Countersign } from '../support/run-countersign';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';

const SETTLED_SECONDS = 700;
const DAY_SECONDS = 24 * 3_600;

/** Every text value of every table that starts as something sealed, or found, under a key of the ring. */
async function valuesUnder(database: TestDatabase, keyId: string): Promise<readonly string[]> {
  const columns = await database.query<{ table_name: string; column_name: string }>(
    `SELECT c.table_name, c.column_name FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND c.data_type = 'text' AND t.table_type = 'BASE TABLE'
       AND c.table_name NOT IN ('ring_keys', 'key_progress', 'key_checks')
       AND c.table_name NOT LIKE 'audit_records%'
     ORDER BY 1, 2`,
  );
  const found: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const rows = await database.query(
      `SELECT 1 FROM ${table} WHERE ${column} LIKE $1 OR ${column} = $2 LIMIT 1`,
      [`v1:${keyId}:%`, keyId],
    );
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

/** Signs people in, at one replica after the other, until it is told to stop. */
class Load {
  readonly failures: string[] = [];
  count = 0;
  private readonly flying = new Map<TestApp, number>();
  private isOver = false;
  private readonly workers: readonly Promise<void>[];

  constructor(
    private readonly replicas: () => readonly TestApp[],
    private readonly demo: Demo,
    private readonly people: readonly Person[],
  ) {
    this.workers = [0, 1, 2, 3].map((worker) => this.work(worker));
  }

  inFlight(app: TestApp): number {
    return this.flying.get(app) ?? 0;
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.workers);
  }

  private async work(worker: number): Promise<void> {
    for (let turn = worker; !this.isOver; turn += 4) {
      const replicas = this.replicas();
      const app = replicas[turn % replicas.length];
      const person = turn % 7 === 0 ? aPerson() : this.people[turn % this.people.length];
      if (!app || !person) return;
      const initData = app.initDataOf(this.demo, person);
      this.flying.set(app, this.inFlight(app) + 1);
      const answer = await app.postSignIn({ applicationId: this.demo.applicationId, initData });
      this.flying.set(app, this.inFlight(app) - 1);
      this.count += 1;
      if (answer.status !== 200) this.failures.push(`${answer.status} ${JSON.stringify(answer.body)}`);
    }
  }
}

describe('rotating the keys of the ring', () => {
  let database: TestDatabase;
  const running = new Set<TestApp | TestWorker>();
  let countersign: Countersign | undefined;

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(async () => {
    await countersign?.close();
    countersign = undefined;
    for (const app of running) await app.close();
    running.clear();
    await database.drop();
  });

  async function start(keys: KeyRingDocument, like?: TestApp): Promise<TestApp> {
    const { telegram, clock } = like ?? {};
    const shared = { ...(telegram && { telegram }), ...(clock && { clock }) };
    const app = await TestApp.start({ database, keys: JSON.stringify(keys), ...shared });
    running.add(app);
    return app;
  }

  async function boot(keys: KeyRingDocument): Promise<TestWorker> {
    const worker = await TestWorker.start({ database, keys: JSON.stringify(keys) });
    running.add(worker);
    return worker;
  }

  async function stop(app: TestApp | TestWorker): Promise<void> {
    running.delete(app);
    await app.close();
  }

  /** Until the replicas use the key: they are told, and work that finds a former key active waits. */
  async function rotate(id: string, purpose: KeyPurpose, ...replicas: readonly TestApp[]): Promise<void> {
    const [app] = replicas;
    await app?.nest.get(KeyRotation).rotate(id);
    await until(() => replicas.every(({ nest }) => nest.get(KeyRing).active(purpose).id === id));
  }

  async function codeOf(promise: Promise<unknown>): Promise<string> {
    const error: unknown = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof AppError ? error.code : String(error);
  }

  it('goes on under load over two replicas, one of them with an older ring: no failure, no second user', async () => {
    const before = generateKeyRing();
    const sealing = extendKeyRing(before, 'sealing');
    const index = extendKeyRing(sealing.document, 'index');
    const after = index.document;
    const first = await start(before);
    const demo = await first.createApplication();
    const second = await start(after, first);
    let replicas = [first, second];
    const people = Array.from({ length: 12 }, () => aPerson());
    for (const person of people.slice(0, 6)) await first.signIn(demo, person);
    const load = new Load(() => replicas, demo, people);
    const rotation = second.nest.get(KeyRotation);

    expect(await codeOf(rotation.rotate(sealing.id))).toBe('ring_key.unknown_to_replicas');
    expect(await codeOf(rotation.rotate(index.id))).toBe('ring_key.unknown_to_replicas');

    // The older one restarts with the ring that has the keys.
    const restarted = await start(after, first);
    replicas = [restarted, second];
    await until(() => load.inFlight(first) === 0);
    await stop(first);
    await rotate(sealing.id, 'sealing', second, restarted);
    await rotate(index.id, 'index', second, restarted);
    expect(await codeOf(rotation.retire(before.sealing.active))).toBe('ring_key.too_early');

    first.clock.advance(SETTLED_SECONDS);
    expect(await codeOf(rotation.retire(before.sealing.active))).toBe('ring_key.in_use');
    // Rows that a sign-in has locked are left for another pass.
    await until(async () => (await second.nest.get(Rewrapping).runToEnd()).remaining === 0);
    first.clock.advance(SETTLED_SECONDS);
    await rotation.retire(before.sealing.active);
    await rotation.retire(before.index.active);
    await second.nest.get(Rewrapping).runToEnd();

    // A ring without the former keys boots, while the load goes on.
    const without = (family: KeyRingDocument['sealing'], active: string) => ({
      active,
      keys: family.keys.filter(({ id }) => id === active),
    });
    const slim = {
      ...after,
      sealing: without(after.sealing, sealing.id),
      index: without(after.index, index.id),
    };
    const third = await start(slim, restarted);
    replicas = [restarted, third];
    const countAtThird = load.count;
    await until(() => load.count > countAtThird + 20);
    await load.stop();

    expect(load.failures).toEqual([]);
    const [counts] = await database.query<{ users: number; people: number; per_person: number }>(
      `SELECT (SELECT count(*)::int FROM users) AS users,
         (SELECT count(DISTINCT digest)::int FROM identity_digests WHERE key_id = '${index.id}') AS people,
         (SELECT count(*)::int FROM identities) AS per_person`,
    );
    expect(counts?.users).toBe(counts?.people);
    expect(counts?.users).toBe(counts?.per_person);
    const again = await Promise.all(people.map((person) => third.signIn(demo, person)));
    expect(new Set(again.map(({ userId }) => userId)).size).toBe(people.length);
    expect(again.every(({ isNewUser }) => !isNewUser)).toBe(true);
    expect(await valuesUnder(database, before.sealing.active)).toEqual([]);
    expect(await valuesUnder(database, before.index.active)).toEqual([]);
    expect(await valuesUnder(database, sealing.id)).toEqual(
      expect.arrayContaining(['bots.token', 'identity_keys.private_key', 'users.data_key']),
    );
  });

  it('waits for replicas that may still run, and for those with another secret under the id', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const replica = await boot(after);
    const rotation = replica.nest.get(KeyRotation);
    const seen = (seconds: number) =>
      database.query(
        `INSERT INTO replicas VALUES (gen_random_uuid(), '0', '{}', 0, now(), now() - make_interval(secs => $1))`,
        [seconds],
      );

    await seen(65);
    const swapped = extendKeyRing(before, 'sealing').document.sealing.keys.map((key) =>
      key.epoch === 2 ? { ...key, id } : key,
    );
    const other = await boot({ ...before, sealing: { active: before.sealing.active, keys: swapped } });
    expect(await codeOf(rotation.rotate(id))).toBe('ring_key.unknown_to_replicas');
    await stop(other);
    // A replica uses its ring for 40 seconds after a heartbeat.
    await seen(41);
    expect(await codeOf(rotation.rotate(id))).toBe('ring_key.unknown_to_replicas');

    await database.query(`UPDATE replicas SET seen_at = now() - interval '61 seconds' WHERE version = '0'`);
    expect(await rotation.rotate(id)).toEqual({ keyId: id, formerId: before.sealing.active });
    await until(() => replica.nest.get(KeyRing).active('sealing').id === id);
  });

  it('brings all digests of people who do not sign in to the new index key, and finds them by it alone', async () => {
    const before = generateKeyRing();
    const first = await start(before);
    const demo = await first.createApplication({ settings: { dataNeeds: ['name', 'username'] } });
    const username = 'lovelace_1815';
    const person = aPerson({ username });
    const { userId } = await first.signIn(demo, person);
    await first.nest.get(InstallationService).change({ usernameLookup: true });
    await first.nest.get(LookupUpkeep).run();
    const find = async (at: TestApp) => (await at.nest.get(UserLookups).find({ username })).userIds;
    expect(await find(first)).toEqual([userId]);
    const rename = (session: PersonSession, to: string) => session.patch('/v1/me/profile', { username: to });
    const renamed = await signInPerson(first, demo);
    expect((await rename(renamed, 'former_name')).status).toBe(200);
    expect((await rename(renamed, 'current_name')).status).toBe(200);
    await stop(first);
    const { document: after, id } = extendKeyRing(before, 'index');
    const app = await start(after, first);
    const rotation = app.nest.get(KeyRotation);
    await rotate(id, 'index', app);
    expect(await find(app)).toEqual([userId]);
    app.clock.advance(SETTLED_SECONDS);

    expect(await codeOf(rotation.retire(before.index.active))).toBe('ring_key.in_use');
    // The job counts what it finds, and goes on by itself.
    expect(await app.nest.get(Rewrapping).run()).toBeGreaterThanOrEqual(5);
    const { progress } = await rotation.status();
    for (const [work, done] of [
      ['identity_digests', 2],
      ['lookup_digests', 2],
      ['username_digests', 1],
    ] as const)
      expect(progress.find((each) => each.work === work)).toMatchObject({
        ...{ keyId: id, done, remaining: 0, isComplete: true },
      });
    expect((await app.gateway.get('/metrics')).text).toContain(
      'countersign_key_rewrap_remaining{work="identity_digests"} 0',
    );
    expect(await app.nest.get(Rewrapping).run()).toBe(0);

    app.clock.advance(SETTLED_SECONDS);
    await expect(rotation.retire(before.index.active)).rejects.toMatchObject({
      code: 'ring_key.in_use',
      options: { detail: 'They are 1 reserved usernames.' },
    });
    // Only the tokens of a token key may end with it.
    expect(await codeOf(rotation.retire(before.index.active, true))).toBe('ring_key.in_use');
    app.clock.advance(30 * DAY_SECONDS - 2 * SETTLED_SECONDS);
    await rotation.retire(before.index.active);
    await app.nest.get(Rewrapping).run();

    expect(await valuesUnder(database, before.index.active)).toEqual([]);
    expect(await valuesUnder(database, id)).toEqual(
      expect.arrayContaining(['bot_token_digests.key_id', 'lookup_digests.key_id']),
    );
    expect((await app.signIn(demo, person)).userId).toBe(userId);
    expect(await find(app)).toEqual([userId]);
    const other = await signInPerson(app, demo);
    expect((await rename(other, 'current_name')).status).toBe(409);
    expect((await rename(other, 'former_name')).status).toBe(200);
  });

  it('goes on where a pass was interrupted', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const app = await start(after);
    const demo = await app.createApplication();
    for (let index = 0; index < 3; index += 1) await app.signIn(demo);
    const rotation = app.nest.get(KeyRotation);
    await rotate(id, 'sealing', app);
    app.clock.advance(SETTLED_SECONDS);
    const [row] = await database.query<{ id: string }>('SELECT id FROM users ORDER BY id OFFSET 1 LIMIT 1');
    await database.query(
      `INSERT INTO key_progress VALUES ('users.data_key', $1, $2, 2, 1, false, $3, NULL)`,
      [id, row?.id, app.clock.now()],
    );

    await app.nest.get(Rewrapping).run();

    const under = await database.query<{ count: number }>(
      `SELECT count(*)::int FROM users WHERE data_key LIKE 'v1:${id}:%'`,
    );
    expect(under[0]?.count).toBe(1);
    // The rows before were said to be done and are not: the count at the end makes another pass necessary.
    await app.nest.get(Rewrapping).run();
    expect(await codeOf(rotation.retire(before.sealing.active))).toBe('ring_key.too_early');
    app.clock.advance(SETTLED_SECONDS);
    await rotation.retire(before.sealing.active);
  });

  it('makes passes until all replicas use the key, and keeps what is changed meanwhile', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const former = before.sealing.active;
    const app = await start(after);
    const demo = await app.createApplication();
    const [changed, { userId }] = [await app.signIn(demo), await app.signIn(demo)];
    const rewrapping = app.nest.get(Rewrapping);
    const seal = (user: string, value: string) =>
      database.query('UPDATE users SET data_key = $2 WHERE id = $1', [user, value]);
    const sealed = async (user: string) =>
      (await database.query<{ data_key: string }>('SELECT data_key FROM users WHERE id = $1', [user]))[0]
        ?.data_key;
    const underFormer = (await sealed(userId)) ?? '';
    // An earlier rotation was never finished.
    await database.query(
      `INSERT INTO key_progress VALUES ('users.data_key', $1, $2, 0, 1, false, $3, NULL)`,
      [former, randomUUID().replace(/^./, 'f'), app.clock.now()],
    );
    await rotate(id, 'sealing', app);

    // Values can be read, and not be replaced.
    const holder = await database.hold('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE');
    const running = rewrapping.run();
    const isWaiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until(async () => (await database.query(isWaiting)).length > 0);
    const byOther = `v1:${id}:changed`;
    await holder.run('UPDATE users SET data_key = $2 WHERE id = $1', [changed.userId, byOther]);
    await holder.commit();
    await running;
    expect(await sealed(changed.userId)).toBe(byOther);
    expect(await sealed(userId)).toMatch(`v1:${id}:`);

    // By a replica that has not heard of the rotation yet.
    await seal(userId, underFormer);
    app.clock.advance(60);
    expect(await rewrapping.run()).toBe(1);
    await seal(userId, underFormer);
    expect(await rewrapping.run()).toBe(0);
    expect(await rewrapping.runToEnd()).toEqual({ done: 1, remaining: 0 });

    // As if this replica had not heard of another rotation.
    const setState = 'UPDATE ring_keys SET state = $2 WHERE key_id = $1';
    await database.query(setState, [id, 'retiring']);
    await database.query(setState, [former, 'active']);
    await seal(userId, underFormer);
    expect(await rewrapping.runToEnd()).toEqual({ done: 0, remaining: 0 });
    expect(await sealed(userId)).toBe(underFormer);
  });

  it('leaves a key that one value cannot go without, and names the column', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const app = await start(after);
    const demo = await app.createApplication();
    const { userId } = await app.signIn(demo);
    await database.query(`UPDATE users SET data_key = left(data_key, -4) || 'AAAA' WHERE id = $1`, [userId]);
    await rotate(id, 'sealing', app);
    app.clock.advance(SETTLED_SECONDS);

    expect((await app.nest.get(Rewrapping).runToEnd()).remaining).toBe(1);

    app.clock.advance(SETTLED_SECONDS);
    const retiring = app.nest.get(KeyRotation).retire(before.sealing.active);
    await expect(retiring).rejects.toMatchObject({
      code: 'ring_key.in_use',
      options: { detail: 'They are 1 of users.data_key.' },
    });
    expect(app.logLines.join('')).toContain('a value cannot be rewrapped');
  });

  it('ends the tokens of a retired token key, and only when that is meant', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'token');
    const app = await start(after);
    const demo = await app.createApplication();
    const [lost, kept] = [await app.signIn(demo), await app.signIn(demo)];
    const rotation = app.nest.get(KeyRotation);
    await rotate(id, 'token', app);
    app.clock.advance(SETTLED_SECONDS);
    const renewed = (await app.refresh(kept.refreshToken)).body as { accessToken: string };
    expect(renewed.accessToken).toContain(`_${id}_`);

    await expect(rotation.retire(before.token.active)).rejects.toMatchObject({
      options: { detail: 'They are 1 sessions.' },
    });
    await rotation.retire(before.token.active, true);
    await app.catchUp();

    await until(async () => (await app.getMe(lost.accessToken)).status === 401);
    expect((await app.refresh(lost.refreshToken)).status).toBe(401);
    expect((await app.getMe(renewed.accessToken)).status).toBe(200);
  });

  it('takes back a key that was added by mistake, which leaves nothing behind', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'index');
    const app = await start(after);
    const demo = await app.createApplication();
    const person = aPerson();
    const { userId } = await app.signIn(demo, person);
    const rotation = app.nest.get(KeyRotation);
    expect(await valuesUnder(database, id)).toContain('identity_digests.key_id');

    expect(await codeOf(rotation.drop(before.index.active))).toBe('ring_key.active');
    await rotation.drop(id);
    await rotation.drop(id);
    expect(await codeOf(rotation.rotate(id))).toBe('ring_key.not_newer');
    await app.nest.get(Rewrapping).runToEnd();

    expect(await valuesUnder(database, id)).toEqual([]);
    expect((await app.signIn(demo, person)).userId).toBe(userId);
    const slim = await start(before, app);
    expect((await slim.signIn(demo, person)).userId).toBe(userId);
  });

  it('is done from the command line, each step with its answer', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const app = await start(after);
    const demo = await app.createApplication();
    await app.signIn(demo);
    const former = before.sealing.active;
    countersign = Countersign.keptOpen(app);

    expect((await countersign.run('keys status')).output).toMatch(
      new RegExp(`sealing {2}${former} {2}epoch 1 {2}active .* known to 1 of 1 replicas`),
    );
    expect(await countersign.failure('keys rotate knothere')).toContain('ring_key.not_found');
    expect(await countersign.json(`keys rotate ${id}`)).toEqual({ keyId: id, formerId: former });
    expect((await countersign.run(`keys rotate ${id}`)).output).toBe(`Key ${id} is active already\n`);
    expect(await countersign.failure(`keys drop ${former}`)).toContain('ring_key.was_active');
    expect(await countersign.failure(`keys retire ${former}`)).toContain('ring_key.too_early');
    const rewrapped = await countersign.json<{ remaining: number }>('keys rewrap');
    expect(rewrapped).toMatchObject({ remaining: 0 });
    await database.query(`UPDATE ring_keys SET changed_at = changed_at - interval '1 hour'`);
    await database.query(`UPDATE key_progress SET changed_at = changed_at - interval '1 hour'`);
    expect(await countersign.json(`keys retire ${former}`)).toEqual({ keyId: former });
    const status = await countersign.json<{ keys: { keyId: string; state: string }[] }>('keys status');
    expect(status.keys).toContainEqual(expect.objectContaining({ keyId: former, state: 'retired' }));
    expect(JSON.stringify(status)).not.toContain('checkValue');
    expect((await app.signIn(demo)).isNewUser).toBe(true);
  });
});
