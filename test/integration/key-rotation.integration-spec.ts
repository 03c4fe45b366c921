import * as client from 'openid-client';
import { ErasureService } from '@countersign/account';
import { AuditSigner } from '@countersign/audit';
import {
  extendKeyRing,
  generateKeyRing,
  KEY_PURPOSES,
  KeyRing,
  type KeyPurpose,
  type KeyRingDocument,
} from '@countersign/crypto';
import { Rewrapping, RingCheck, WrongKeyError } from '@countersign/keys';
import { aBotToken, aPerson, type Person } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { createClient, relyingParty } from '../support/openid';
import { anOperator } from '../support/operator';
import { Countersign } from '../support/run-countersign';
import { signInPerson } from '../support/person-session';
import { aReferrer, joinBy, postLaunch, referralIn, withReferrals } from '../support/referrals';
import { TestApp, type Demo } from '../support/test-app';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

/** One more key of each purpose, at the end of its list. */
function widened(document: KeyRingDocument): KeyRingDocument {
  return KEY_PURPOSES.reduce((ring, purpose) => extendKeyRing(ring, purpose).document, document);
}

function each(
  document: KeyRingDocument,
  change: (keys: KeyRingDocument[KeyPurpose]) => KeyRingDocument[KeyPurpose],
): KeyRingDocument {
  const { version, sealing, index, token } = document;
  return { version, sealing: change(sealing), index: change(index), token: change(token) };
}

/** As SIGHUP does with the file. */
async function give(replica: TestApp, ring: KeyRingDocument): Promise<void> {
  await replica.nest.get(RingCheck).verify(KeyRing.parse(JSON.stringify(ring), 'KEYS'));
}

function remainingOf({ works }: Awaited<ReturnType<Rewrapping['run']>>): readonly string[] {
  return works.filter(({ remaining }) => remaining > 0).map(({ work, remaining }) => `${remaining} ${work}`);
}

async function rewrap(app: TestApp): Promise<readonly string[]> {
  return remainingOf(await app.nest.get(Rewrapping).run());
}

/** A code that a device shows. */
async function createDeviceCode(app: TestApp, demo: Demo): Promise<void> {
  const party = await relyingParty(app, await createClient(app, demo, { isPublic: true, redirectUrls: [] }));
  await client.initiateDeviceAuthorization(party, { scope: 'openid' });
}

/** Plain digests, digests under keys that are sealed themselves, and the records of keys. */
const UNDER_NO_INDEX_KEY = [
  'client_secrets.digest',
  'idempotency_keys.digest',
  'joins.code_digest',
  'key_checks.key_id',
  'one_time_tokens.digest',
  'openid_clients.secret_digest',
  'openid_records.digest',
  'openid_records.grant_digest',
  'openid_seen_clients.digest',
  'principal_secrets.digest',
  'principal_tokens.digest',
  'proofs.secret_digest',
  'referral_nodes.digest',
  'sessions.access_digest',
  'sessions.family_digest',
  'sessions.prior_access_digest',
  'sessions.refresh_digest',
  'step_ups.code_digest',
  'step_ups.grant_digest',
  'team_invitations.token_digest',
  'wallet_acts.key_digest',
];

describe('a rotation of all keys', () => {
  const old = generateKeyRing();
  const both = widened(old);
  const front = each(both, (keys) => keys.toReversed());
  const alone = each(front, (keys) => keys.slice(0, 1));

  const template = useTestDatabase();
  const database = useFixture(() => template.copy(), { per: 'test', close: (copy) => copy.drop() });
  const open = new Set<TestApp>();
  beforeEach(() => jest.replaceProperty(Rewrapping, 'graceMs', 0));
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const app of open) await app.close();
    open.clear();
  });

  async function start(ring: KeyRingDocument, beside?: TestApp): Promise<TestApp> {
    const shared = beside ? { telegram: beside.telegram, clock: beside.clock } : {};
    const app = await TestApp.start({ database, keys: JSON.stringify(ring), ...shared });
    open.add(app);
    return app;
  }

  async function demoOn(app: TestApp): Promise<{ readonly demo: Demo; readonly person: Person }> {
    return { demo: await app.createApplication(), person: aPerson() };
  }

  /** No process adds or retires a key meanwhile. */
  const holdKeys = () => database.hold(`SELECT pg_advisory_xact_lock(hashtext('countersign/keys'))`);

  async function isWaitedFor(): Promise<boolean> {
    const [waiting] = await database.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return waiting !== undefined;
  }

  /** Text values of all tables that are sealed, or found, under a key. */
  async function columnsUnder(keyId: string): Promise<readonly string[]> {
    const columns = await database.query<{ table: string; column: string }>(
      `SELECT c.table_name AS "table", c.column_name AS "column" FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = 'public' AND c.data_type = 'text' AND t.table_type = 'BASE TABLE'
         AND c.table_name <> 'audit_blocks' AND c.table_name NOT LIKE 'audit_records%' ORDER BY 1, 2`,
    );
    const found: string[] = [];
    for (const { table, column } of columns) {
      const [row] = await database.query(
        `SELECT 1 FROM ${table} WHERE ${column} LIKE $1 OR ${column} = $2 LIMIT 1`,
        [`v1:${keyId}:%`, keyId],
      );
      if (row) found.push(`${table}.${column}`);
    }
    return found;
  }

  it('goes on over two replicas without a failure, a second user or a value under the former keys', async () => {
    const first = await start(old);
    const { demo, person } = await demoOn(first);
    const { userId, accessToken, refreshToken } = await first.signIn(demo, person);
    const second = await start(old, first);
    const works = async (): Promise<void> => {
      for (const replica of [first, second]) {
        expect((await replica.signIn(demo, person)).userId).toBe(userId);
        expect((await replica.signIn(demo, aPerson())).isNewUser).toBe(true);
        expect((await replica.getMe(accessToken)).status).toBe(200);
      }
      const late = aPerson();
      const ids = await Promise.all([first, second].map((replica) => replica.signIn(demo, late)));
      expect(new Set(ids.map((each) => each.userId)).size).toBe(1);
    };

    await give(first, both);
    await works();
    await give(second, both);
    await give(first, front);
    await works();
    await give(second, front);
    await works();
    first.clock.advance(180);
    await first.nest.get(AuditSigner).run();
    expect(await rewrap(first)).toEqual([]);
    const { refreshToken: _, ...renewed } = (await first.refresh(refreshToken)).body as {
      accessToken: string;
      refreshToken: string;
    };
    await give(first, alone);
    await give(second, alone);

    for (const purpose of ['sealing', 'index', 'token'] as const)
      expect(await columnsUnder(old[purpose][0]?.id ?? '')).toEqual(['key_checks.key_id']);
    for (const replica of [first, second]) {
      expect((await replica.signIn(demo, person)).userId).toBe(userId);
      expect((await replica.getMe(renewed.accessToken)).status).toBe(200);
      expect((await replica.getMe(accessToken)).status).toBe(401);
    }
  });

  it('answers 503 from a replica that was forgotten, until it has the key: no row is lost, no user made twice', async () => {
    const first = await start(old);
    const { demo, person } = await demoOn(first);
    const forgotten = await start(old, first);
    // Wrong order: the new keys seal at once.
    await give(first, front);
    const { userId, accessToken, refreshToken } = await first.signIn(demo, person);
    await until(async () => (await forgotten.http.get('/health/ready')).status === 503);

    const body = { applicationId: demo.applicationId, initData: forgotten.initDataOf(demo, person) };
    for (const answer of [
      await forgotten.postSignIn(body),
      await forgotten.getMe(accessToken),
      await forgotten.refresh(refreshToken),
    ])
      expectProblem(answer, 503, 'service.key_missing');
    expect(forgotten.logLines.join('')).toMatch(/"level":"fatal".*The key ring lacks the sealing key/);
    await expect(start(old, first)).rejects.toThrow(WrongKeyError);

    await give(forgotten, front);
    expect((await forgotten.http.get('/health/ready')).status).toBe(200);
    expect((await forgotten.postSignIn(body)).body).toMatchObject({ userId });
    expect((await forgotten.getMe(accessToken)).status).toBe(200);
  });

  it('answers 503 from a replica that seals under a retired key: the key may leave, and no row is lost', async () => {
    const first = await start(both);
    const { demo, person } = await demoOn(first);
    const forgotten = await start(both, first);
    await give(first, front);
    first.clock.advance(180);
    await first.nest.get(AuditSigner).run();
    expect(await rewrap(first)).toEqual([]);
    await until(async () => (await forgotten.http.get('/health/ready')).status === 503);

    const body = { applicationId: demo.applicationId, initData: forgotten.initDataOf(demo, person) };
    expectProblem(await forgotten.postSignIn(body), 503, 'service.key_missing');
    expect(forgotten.logLines.join('')).toMatch(/"level":"fatal".*the first one in KEYS, was retired at/);
    await give(first, alone);
    await give(forgotten, front);
    const { userId } = (await forgotten.postSignIn(body)).body as { userId: string };
    expect((await first.signIn(demo, person)).userId).toBe(userId);
  });

  describe('when the former keys are retired', () => {
    async function rotated() {
      const first = await start(both);
      const known = await demoOn(first);
      const { userId } = await first.signIn(known.demo, known.person);
      await give(first, front);
      const second = await start(front, first);
      first.clock.advance(180);
      await first.nest.get(AuditSigner).run();
      return { first, second, userId, ...known };
    }

    it('refuses a ring with a retired key first, at a start and at SIGHUP: the other replicas go on', async () => {
      const { first, second, demo, person, userId } = await rotated();
      expect(await rewrap(first)).toEqual([]);
      for (const purpose of KEY_PURPOSES) {
        const stale = { ...front, [purpose]: both[purpose] };
        const sentence = `The ${purpose} key ${old[purpose][0]?.id}, the first one in KEYS, was retired at 20`;
        await expect(start(stale, first)).rejects.toThrow(sentence);
        await expect(start({ ...stale, [purpose]: old[purpose] }, first)).rejects.toThrow(sentence);
        await expect(give(second, stale)).rejects.toThrow(sentence);
        const countersign = new Countersign({ database, keys: JSON.stringify(stale) });
        await expect(countersign.run('keys rewrap')).rejects.toThrow(sentence);
      }

      for (const replica of [first, second]) {
        await give(replica, alone);
        expect((await replica.http.get('/health/ready')).status).toBe(200);
        expect((await replica.signIn(demo, person)).userId).toBe(userId);
      }
    });

    it('refuses a first key with the id or the secret of a retired one', async () => {
      const { first } = await rotated();
      expect(await rewrap(first)).toEqual([]);
      const [retired, other] = [old.index[0], generateKeyRing().index[0]];
      if (!retired || !other) throw new Error('a ring has keys');
      const withFirst = (key: KeyRingDocument['index'][number]) =>
        give(first, { ...alone, index: [key, ...alone.index] });

      await expect(withFirst({ ...retired, secret: other.secret })).rejects.toThrow(
        `The index key ${retired.id} is not the one`,
      );
      await expect(withFirst({ ...retired, id: 'renamed' })).rejects.toThrow(
        'The index key renamed, the first one in KEYS, was retired at 20',
      );
      expect((await first.http.get('/health/ready')).status).toBe(200);
    });

    it('leaves no digest under them, also where a replica has them still, or has not heard of it', async () => {
      jest.replaceProperty(Rewrapping, 'graceMs', 3_000);
      const { first, second, demo, person, userId } = await rotated();
      const former = old.index[0]?.id ?? '';
      const running = rewrap(first);
      const retired = () =>
        database.query(`SELECT 1 FROM key_checks WHERE purpose = 'index' AND retired_at IS NOT NULL`);
      await until(async () => (await retired()).length === 1);
      await database.query(
        `INSERT INTO identity_digests (key_id, digest, identity_id)
         SELECT $1, sha256('late'), id FROM identities WHERE user_id = $2`,
        [former, userId],
      );
      expect(await running).toEqual([]);
      expect(await columnsUnder(former)).toEqual(['key_checks.key_id']);

      await until(() => second.nest.get(KeyRing).inUse('index').length === 1);
      expect((await second.signIn(demo, person)).userId).toBe(userId);
      const renamed = await signInPerson(second, await second.createApplication());
      expect((await renamed.patch('/v1/me/profile', { username: 'after_the_end' })).status).toBe(200);
      expect(await columnsUnder(former)).toEqual(['key_checks.key_id']);
    });
  });

  it('does not retire a key under which a transaction commits after its rows were moved', async () => {
    const app = await start(both);
    const { demo } = await demoOn(app);
    const { userId, accessToken } = await app.signIn(demo);
    const dataKey = async () =>
      (await database.query<{ data_key: string }>('SELECT data_key FROM users WHERE id = $1', [userId]))[0]
        ?.data_key ?? '';
    const former = await dataKey();
    await give(app, { ...both, sealing: front.sealing });
    const holder = await holdKeys();
    const running = rewrap(app);
    await until(isWaitedFor);
    expect(await dataKey()).not.toBe(former);
    await database.query('UPDATE users SET data_key = $1 WHERE id = $2', [former, userId]);
    await holder.commit();

    expect(await running).toEqual(['1 users.data_key']);
    await expect(give(app, { ...both, sealing: alone.sealing })).rejects.toThrow(WrongKeyError);
    expect(await rewrap(app)).toEqual([]);
    await give(app, { ...both, sealing: alone.sealing });
    expect((await app.getMe(accessToken)).status).toBe(200);
  });

  it('uses the last ring of two SIGHUPs, however long the first takes', async () => {
    const app = await start(both);
    const holder = await holdKeys();
    const first = give(app, front);
    await until(isWaitedFor);
    const second = give(app, widened(both));
    // As long as a comparison takes.
    await database.query('SELECT pg_sleep(0.2)');
    await holder.commit();
    await Promise.all([first, second]);

    const used = app.nest.get(KeyRing).known('sealing');
    expect([used[0].id, used.length]).toEqual([both.sealing[0]?.id, 3]);
  });

  it('goes on while a command has a ring with another first key, until the command is keys rewrap', async () => {
    const app = await start(old);
    const prepared = new Countersign({ database, keys: JSON.stringify(front) });
    const recorded = () => database.query('SELECT key_id FROM key_checks ORDER BY 1');
    const before = await recorded();

    await prepared.run('audit verify');

    expect(await recorded()).toEqual(before);
    expect((await app.http.get('/health/ready')).status).toBe(200);
    await give(app, both);
    await prepared.json('keys rewrap');
    expect(await recorded()).not.toEqual(before);
  });

  it.each(['sealing', 'index'] as const)(
    'keeps a ring in use that lost a %s key too early, at SIGHUP and at boot',
    async (purpose) => {
      const app = await start(both);
      const { demo, person } = await demoOn(app);
      const { userId } = await app.signIn(demo, person);
      await give(app, front);

      const early = { ...front, [purpose]: alone[purpose] };
      await expect(give(app, early)).rejects.toThrow(`lacks the ${purpose} key ${old[purpose][0]?.id}`);
      await expect(start(early, app)).rejects.toThrow(WrongKeyError);
      expect((await app.signIn(demo, person)).userId).toBe(userId);
    },
  );

  it('counts what cannot be opened, names it, and does not let its key go', async () => {
    const app = await start(both);
    const { demo } = await demoOn(app);
    const { userId } = await app.signIn(demo);
    await database.query(`UPDATE users SET data_key = left(data_key, -4) || 'AAAA' WHERE id = $1`, [userId]);
    await give(app, { ...both, sealing: front.sealing });

    expect(await rewrap(app)).toEqual(['1 users.data_key']);

    expect(app.logLines.join('')).toContain('a value cannot be opened');
    await expect(give(app, { ...both, sealing: alone.sealing })).rejects.toThrow(WrongKeyError);
  });

  it('moves rows that were changed or locked meanwhile by the next pass', async () => {
    const app = await start(both);
    const { demo } = await demoOn(app);
    const [changed, { userId }] = [await app.signIn(demo), await app.signIn(demo)];
    await give(app, { ...both, sealing: front.sealing });
    const holder = await database.hold(`SELECT 1 FROM users WHERE id = '${changed.userId}' FOR UPDATE`);
    const running = rewrap(app);
    const sealed = async (id: string) =>
      (await database.query<{ data_key: string }>('SELECT data_key FROM users WHERE id = $1', [id]))[0]
        ?.data_key;
    const prefix = `v1:${both.sealing[1]?.id}:`;
    await until(async () => (await sealed(userId))?.startsWith(prefix) === true);
    expect((await sealed(changed.userId))?.startsWith(prefix)).toBe(false);
    await holder.commit();

    expect(await running).toEqual([]);
    expect((await sealed(changed.userId))?.startsWith(prefix)).toBe(true);
  });

  it('counts no erased person again as a referral, erased before or after the former keys left the ring', async () => {
    const app = await start(old);
    const demo = await app.createApplication(withReferrals());
    const { session: referrer, code } = await aReferrer(app, demo);
    const [early, late, living] = [aPerson(), aPerson(), aPerson()];
    const erase = async (userId: string): Promise<unknown> =>
      app.nest.get(ErasureService).eraseFor(userId, 'ticket-7', true);
    const first = await joinBy(app, demo, code, early);
    const second = await joinBy(app, demo, code, late);
    await joinBy(app, demo, code, living);
    await erase(first.userId);
    await give(app, both);
    await give(app, front);
    app.clock.advance(180);
    await app.nest.get(AuditSigner).run();

    expect(await rewrap(app)).toEqual([]);
    await give(app, alone);
    await erase(second.userId);

    // Another replica has no key in memory.
    const replica = await start(alone, app);
    for (const at of [app, replica])
      for (const person of [early, late, living]) {
        const answer = await postLaunch(at, demo, `r_${code}`, person);
        expect(referralIn(answer)).toEqual({ outcome: 'ignored', code: 'referral.not_first_sign_in' });
        at.clock.advance(1);
      }
    const { accessToken } = await app.signIn(demo, referrer.person);
    const counts = await app.http.get('/v1/me/referrals').set('authorization', `Bearer ${accessToken}`);
    expect(counts.body).toMatchObject({ total: 3 });
    expect(referralIn(await postLaunch(replica, demo, `r_${code}`))).toEqual({ outcome: 'bound' });
  });

  it('treats every column that has digests under a key of the ring, or names it', async () => {
    const app = await start(both);
    await give(app, front);
    await createDeviceCode(app, await app.createApplication());
    const columns = await database.query<{ name: string; table: string }>(
      `SELECT table_name AS "table", table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name !~ '^(proofs|audit_records)_'
         AND (column_name LIKE '%digest' OR column_name LIKE '%key_id')`,
    );
    const { works, untreated } = await app.nest.get(Rewrapping).run();
    const treated = works.map(({ work }) => work.split(' ')[0]);
    const named = untreated.map(({ rows }) => /[(]([a-z_]+)[)]$/.exec(rows)?.[1]);

    const others = columns.filter(({ table }) => !treated.includes(table)).map(({ name }) => name);
    expect(others.toSorted()).toEqual([...UNDER_NO_INDEX_KEY, 'openid_records.other_digest'].toSorted());
    expect(treated).toContain('referral_keys.secret');
    expect(named.toSorted()).toEqual(['audit_records', 'openid_records', 'sessions']);
  });

  it('names the rows that still need a former key, how many there are and until when', async () => {
    const app = await start(old);
    const demo = await app.createApplication();
    const operator = await anOperator(app);
    await operator.post('/v1/admin/users/lookup', { telegramId: '1' });
    const bot = { provider: 'telegram', environment: 'production', botId: demo.botId } as const;
    for (const token of [aBotToken(demo.botId), aBotToken(demo.botId)])
      await app.bots.rotateToken(bot, { token, overlapUntil: null });
    await createDeviceCode(app, demo);
    app.clock.advance(180);
    await app.nest.get(AuditSigner).run();
    await give(app, both);
    await give(app, front);
    app.clock.advance(180);
    await operator.post('/v1/admin/users/lookup', { telegramId: '1' });
    await app.nest.get(AuditSigner).run();
    const countersign = new Countersign({ database, keys: JSON.stringify(front) });

    const { output } = await countersign.run('keys rewrap');

    expect(output).toContain('none remains.\nThese rows still need a former key, and cannot be moved:\n');
    expect(output).not.toContain('none remains: the ring may leave out');
    for (const line of [
      /^- index: digests of replaced bot tokens \(digests\), at most 2, until `keys rewrap` deletes them/m,
      /^- index: codes that devices show \(openid_records\), at most 1, until 20\d\d-.*Z$/m,
      /^- index: digests of look-ups \(audit_records\), of unknown number, until the records are dropped/m,
      /^- index: blocks of the audit trail \(audit_blocks\), at most [1-9]\d*, permanently/m,
      /^- token: tokens of sessions \(sessions\), of unknown number, until each session is refreshed or ends$/m,
    ])
      expect(output).toMatch(line);
    const again = new Countersign({ database, keys: JSON.stringify(alone) });
    expect((await again.run('keys rewrap')).output).toContain('none remains: the ring may leave out');
  });

  it('finds people by the new index key once usernames have digests under it', async () => {
    const app = await start(old);
    const { demo } = await demoOn(app);
    const renamed = await signInPerson(app, demo);
    const named = await renamed.patch('/v1/me/profile', { username: 'current_name' });
    expect(named.status).toBe(200);
    await give(app, both);
    await give(app, { ...both, index: front.index });
    app.clock.advance(180);
    await app.nest.get(AuditSigner).run();

    expect(await rewrap(app)).toEqual([]);
    await give(app, { ...both, index: alone.index });
    const other = await signInPerson(app, demo);
    const taken = await other.patch('/v1/me/profile', { username: 'current_name' });
    expect(taken.status).toBe(409);
  });
});
