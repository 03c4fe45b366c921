import { ErasureCompletion } from '@countersign/account';
import { AcceptedBots } from '@countersign/applications';
import { DAY } from '@countersign/runtime';
import { KeyRing, unwrapDataKey, type Sealed } from '@countersign/crypto';
import { aPerson, times, type Person } from '../factories';
import { linkIdentity, mergeAccounts, settleAttachments } from '../support/accounts';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, walletSession } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import {
  isLive,
  openWeb3Launch,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { openWeb3InitDataOf, postTo, proofsOf } from '../support/proofs';
import { rowsThatHold } from '../support/rows-that-hold';
import type { Demo } from '../support/test-app';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { anEvmWallet, aWalletSite, walletProof } from '../support/wallets';

const WEEK_SECONDS = 7 * 24 * 3_600;

describe('DELETE /v1/me', () => {
  const app = useTestApp({ environment: { DATABASE_POOL_SIZE: '10' } });
  const demo = useApplication(app, {
    settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600, dataNeeds: ['name'] },
  });
  const im = useOpenWeb3Bot(app, demo);

  const confirmed = ({ userId }: PersonSession): string => `/v1/me?confirm=${userId}`;

  async function stepped(person?: Person): Promise<PersonSession> {
    const session = await signInPerson(app, demo, person);
    expect((await session.stepUp()).status).toBe(200);
    return session;
  }

  const signInWith = (person: Person, extra: object = {}) =>
    app.postSignIn({
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person),
      ...extra,
    });

  it('shows what would be lost, and asks for a confirmation and a step-up', async () => {
    const session = await signInPerson(app, demo);
    const preview = await session.get('/v1/me/erasure');

    expect(preview.status).toBe(200);
    expect(preview.body).toEqual({
      erasesAt: new Date(app.clock.now().getTime() + 7 * DAY).toISOString(),
      lost: {
        identities: 1,
        identityDigests: 1,
        sessions: 1,
        boardScores: 0,
        referralNodes: 0,
        referralCodes: 0,
        invitations: 0,
        wallets: 0,
        applications: 1,
        formerIds: 0,
        profileFields: 0,
        preferences: 0,
        teams: 0,
        teamMemberships: 0,
        usedInvitations: 0,
        favourites: 0,
        boardStandings: 0,
        connectedWallets: 0,
        embeddedWallets: 0,
        walletActs: 0,
        sends: 0,
        openidConsents: 0,
      },
      confirm: session.userId,
      forfeit: [],
      pending: null,
    });
    expectProblem(await session.delete('/v1/me'), 409, 'account.erasure_not_confirmed');
    const [other] = [await signInPerson(app, demo)];
    expectProblem(await session.delete(confirmed(other)), 409, 'account.erasure_not_confirmed');
    app.clock.advance(301);
    expectProblem(await session.delete(confirmed(session)), 403, 'account.step_up_required');
    expect(await isLive(app, session)).toBe(true);
  });

  it('ends all sessions at once, and closes every door until the account is erased', async () => {
    const [session, erasesAt] = [
      await stepped(),
      new Date(app.clock.now().getTime() + 7 * DAY).toISOString(),
    ];
    const other = await signInPerson(app, demo, session.person);

    const answer = await session.delete(confirmed(session));

    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 202,
      body: { erasesAt },
    });
    for (const { accessToken, refreshToken } of [session, other]) {
      expectProblem(await app.getMe(accessToken), 401, 'session.ended');
      expectProblem(await app.refresh(refreshToken), 401, 'session.ended');
    }
    const refused = await signInWith(session.person);
    expectProblem(refused, 403, 'user.erasure_pending');
    expect(refused.body).toMatchObject({ erasesAt });
    const perRequest = await app.http.get('/v1/me').set({
      authorization: `tma ${app.initDataOf(demo, session.person)}`,
      'x-countersign-application': demo.applicationId,
    });
    expectProblem(perRequest, 403, 'user.erasure_pending');
    expect(perRequest.body).toMatchObject({ erasesAt });
  });

  it('by a stolen session is told to all applications of the person, who takes it back in any of them', async () => {
    const person = aPerson();
    const other = await app.createApplication();
    await app.signIn(other, person);
    const stolen = await signInPerson(app, demo, person);
    await subscribe(app.database, ['user.erasure_requested']);
    const { body } = await stolen.delete(confirmed(stolen));
    const { erasesAt } = body as { erasesAt: string };
    await unsubscribe(app.database);

    expect((await eventsOf(app.database)).filter(({ subject }) => subject === stolen.userId)).toMatchObject([
      {
        type: 'user.erasure_requested',
        applicationIds: expect.arrayContaining([demo.applicationId, other.applicationId]) as unknown,
        data: { userId: stolen.userId, erasesAt },
      },
    ]);
    app.clock.advance(WEEK_SECONDS - 60);
    expect(await app.signIn(other, person, { cancelErasure: true })).toMatchObject({
      userId: stolen.userId,
      erasureCancelled: true,
    });
  });

  it('is cancelled by a fresh proof that says so, and by nothing else', async () => {
    const session = await stepped();
    const used = app.initDataOf(demo, session.person);
    await app.postSignIn({ applicationId: demo.applicationId, initData: used });
    const before = app.initDataOf(demo, session.person);
    app.clock.advance(1);
    await session.stepUp();
    await session.delete(confirmed(session));

    for (const initData of [used, before])
      expectProblem(
        await app.postSignIn({ applicationId: demo.applicationId, initData, cancelErasure: true }),
        401,
        'auth.proof_outdated',
      );
    const stale = app.initDataOf(demo, session.person);
    app.clock.advance(301);
    expectProblem(
      await app.postSignIn({ applicationId: demo.applicationId, initData: stale, cancelErasure: true }),
      401,
      'auth.proof_not_fresh',
    );
    expectProblem(await signInWith(session.person, { cancelErasure: false }), 403, 'user.erasure_pending');

    const answer = await signInWith(session.person, { cancelErasure: true });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ userId: session.userId, isNewUser: false, erasureCancelled: true });
    const again = await signInWith(session.person);
    expect(again.body).not.toHaveProperty('erasureCancelled');
    app.clock.advance(WEEK_SECONDS + 1);
    await app.nest.get(ErasureCompletion).run();
    expect((await signInWith(session.person)).body).toMatchObject({ userId: session.userId });
  });

  it('is not cancelled by a weaker proof than it was requested with', async () => {
    const session = await stepped();
    const { person } = session;
    await linkIdentity(app, demo, session, { person, launch: openWeb3Launch(app, im, person) });
    // The erasure of an account with a younger identity is put off, and counts no more than that identity.
    await settleAttachments(app);
    await session.delete(confirmed(session));

    const { applicationId, botId } = im;
    const initData = openWeb3InitDataOf(app, im, session.person);
    const weaker = { applicationId, botId, initData, cancelErasure: true };
    expectProblem(await postTo(app, 'openweb3/init-data', weaker), 403, 'auth.assurance_too_low');
  });

  it('is cancelled by no third-party application, and with no bot that is merely allowed', async () => {
    const session = await stepped();
    const [third, allowed] = [
      await app.createApplication({ trust: 'third-party' }),
      await app.createApplication(),
    ];
    const key = { provider: 'telegram', environment: 'production', botId: allowed.botId } as const;
    await app.nest.get(AcceptedBots).allow(demo.applicationId, key);
    await session.delete(confirmed(session));

    for (const [door, { applicationId }, bot] of [
      ['telegram/init-data', third, third],
      ['telegram/third-party-init-data', demo, allowed],
    ] as const) {
      const proof = proofsOf[door](app, bot, session.person);
      const answer = await postTo(app, door, { applicationId, ...proof, cancelErasure: true });
      expectProblem(answer, 403, 'auth.assurance_too_low');
    }
    expectProblem(await signInWith(session.person), 403, 'user.erasure_pending');
  });

  it('erases everything but pseudonyms when the time has come, also former ids', async () => {
    const session = await stepped();
    const loser = await signInOpenWeb3(app, im);
    await mergeAccounts(app, demo, session, loser);
    await settleAttachments(app);
    const identities = await app.database.query<{ id: string }>(
      'SELECT id FROM identities WHERE user_id = $1',
      [session.userId],
    );
    const [user] = await app.database.query<{ key: string; pseudonym: string }>(
      'SELECT data_key AS key, audit_pseudonym AS pseudonym FROM users WHERE id = $1',
      [session.userId],
    );
    await session.delete(confirmed(session));
    app.clock.advance(WEEK_SECONDS - 1);
    await app.nest.get(ErasureCompletion).run();
    expect(await rowsThatHold(app.database, [session.userId])).not.toEqual([]);
    app.clock.advance(1);

    await app.nest.get(ErasureCompletion).run();

    const ids = [session.userId, loser.userId, ...identities.map(({ id }) => id)];
    expect(await rowsThatHold(app.database, [...ids, user?.key ?? ''])).toEqual([]);
    expect(await rowsThatHold(app.database, [user?.pseudonym ?? ''])).not.toEqual([]);
    for (const id of [session.userId, loser.userId])
      await expect(app.accounts.setStatus(id, 'active')).rejects.toMatchObject({ code: 'user.not_found' });
    for (const { accessToken, refreshToken } of [session, loser]) {
      expect((await app.getMe(accessToken)).status).toBe(401);
      expect((await app.refresh(refreshToken)).status).toBe(401);
    }
    const next = await signInWith(session.person);
    expect(next.body).toMatchObject({ isNewUser: true });
    expect((next.body as { userId: string }).userId).not.toBe(session.userId);
  });

  it('erases an account whose data key cannot be opened, and those behind it', async () => {
    const [damaged, next] = [await stepped(), await stepped()];
    for (const session of [damaged, next]) {
      expect((await session.delete(confirmed(session))).status).toBe(202);
      app.clock.advance(1);
    }
    await app.database.query(`UPDATE users SET data_key = data_key || 'A' WHERE id = $1`, [damaged.userId]);
    app.clock.advance(WEEK_SECONDS);

    expect(await app.nest.get(ErasureCompletion).run()).toBe(2);
    expect(await rowsThatHold(app.database, [damaged.userId, next.userId])).toEqual([]);
  });

  it('leaves no wrapped data key of the person in any table', async () => {
    const ring = KeyRing.parse(app.keys);
    const session = await stepped();
    await session.delete(confirmed(session));
    await app.nest.get(ErasureCompletion).completeDue(new Date(app.clock.now().getTime() + 8 * DAY));

    const tables = await app.database.query<{ table: string; column: string }>(
      `SELECT c.table_name AS table, c.column_name AS column
       FROM information_schema.columns c JOIN pg_class t ON t.relname = c.table_name AND t.relkind = 'r'
       WHERE c.table_schema = 'public' AND c.data_type = 'text'`,
    );
    for (const { table, column } of tables) {
      const sealed = await app.database.query<{ text: string }>(
        `SELECT ${column} AS text FROM ${table} WHERE ${column} LIKE 'v1:%'`,
      );
      for (const { text } of sealed)
        expect(() =>
          unwrapDataKey(ring, { table: 'users', column: 'data_key', row: session.userId }, text as Sealed),
        ).toThrow();
    }
  });

  it('does not end with a request that is cancelled at the same moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const session = await stepped();
      await session.delete(confirmed(session));
      const due = new Date(app.clock.now().getTime() + 8 * DAY);

      const [answer] = await Promise.all([
        signInWith(session.person, { cancelErasure: true }),
        app.nest.get(ErasureCompletion).complete(session.userId, due),
      ]);

      const left = await app.database.query('SELECT 1 FROM users WHERE id = $1', [session.userId]);
      const isStored = (answer.body as { erasureCancelled?: boolean }).erasureCancelled === true;
      expect(left).toHaveLength(isStored ? 1 : 0);
    }
  });

  it('takes no account into a merge that is to be erased', async () => {
    const [site, wallet] = [await aWalletSite(app), anEvmWallet()];
    const [survivor, loser] = [await aSteppedUp(app, site), await walletSession(app, site, wallet)];
    const proof = await walletProof(survivor, wallet, 'merge');
    expect((await loser.delete(confirmed(loser))).status).toBe(202);

    expectProblem(await survivor.post('/v1/me/merges', proof), 403, 'user.erasure_pending');
  });

  it('happens once when many ask at the same moment', async () => {
    const session = await stepped();

    const answers = await Promise.all(times(5, () => session.delete(confirmed(session))));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 401, 401, 401, 401]);
  });
});

describe('erasures of an application whose bot is compromised', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);
  const operator = useFixture(() => anOperator(app));

  const erase = (session: PersonSession) => session.delete(`/v1/me?confirm=${session.userId}`);

  async function isClosed({ userId }: PersonSession): Promise<boolean | undefined> {
    const [user] = await app.database.query<{ is_closed: boolean }>(
      'SELECT is_closed FROM users WHERE id = $1',
      [userId],
    );
    return user?.is_closed;
  }

  async function markCompromised({ botId }: Demo): Promise<void> {
    const [row] = await app.database.query<{ id: string }>('SELECT id FROM bots WHERE bot_id = $1', [botId]);
    const marked = await operator.patch(`/v1/admin/bots/${String(row?.id)}`, { status: 'compromised' });
    expect(marked.body).toMatchObject({ botId, status: 'compromised' });
  }

  it('are cancelled, unless the platform signed the request, and not requested again by a session of its token', async () => {
    const signed = await signInPerson(app, demo);
    const late = await signInOpenWeb3(app, im);
    const sessions = await Promise.all(times(16, () => signInOpenWeb3(app, im)));
    const [first, ...others] = sessions;
    if (!first) throw new Error('nobody signed in');
    for (const session of [signed, first]) expect((await erase(session)).status).toBe(202);
    await subscribe(app.database, ['user.erasure_cancelled']);

    const [answers] = await Promise.all([
      Promise.all(others.map((session) => erase(session).then((answer) => answer))),
      markCompromised(im),
    ]);

    for (const answer of answers)
      if (answer.status !== 202) expectProblem(answer, 403, 'auth.assurance_too_low');
    expect(await Promise.all(sessions.map(isClosed))).toEqual(times(16, () => false));
    expect(await isClosed(signed)).toBe(true);
    expectProblem(await erase(late), 403, 'auth.assurance_too_low');
    const told = (await eventsOf(app.database)).map(({ type, subject }) => `${type} ${subject}`);
    expect(told).toContain(`user.erasure_cancelled ${first.userId}`);
    const records = await auditOf(app, { action: 'user.erasure_cancelled' });
    expect(records.map(({ details }) => details)).toContainEqual({ reason: 'bot-compromised' });
    await unsubscribe(app.database);
  });
});

describe('DELETE /v1/me without days in between', () => {
  const app = useTestApp({ environment: { ERASURE_DAYS: '0' } });
  const demo = useApplication(app);

  it('erases at once, and used proofs open nothing again', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);
    const used = { applicationId: demo.applicationId, initData };
    expect((await app.postSignIn(used)).status).toBe(200);
    const session = await signInPerson(app, demo, person);
    await session.stepUp();

    const answer = await session.delete(`/v1/me?confirm=${session.userId}`);

    expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
    expect(await rowsThatHold(app.database, [session.userId])).toEqual([]);
    expect((await app.getMe(session.accessToken)).status).toBe(401);
    expectProblem(await app.postSignIn(used), 401, 'auth.proof_used');
    const next = await app.signIn(demo, person);
    expect(next).toMatchObject({ isNewUser: true });
    expect(next.userId).not.toBe(session.userId);
  });
});

// With a clock that is right: a connection that is made anew compares it with the server's.
describe('DELETE /v1/me on a server that ends connections', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('finishes by itself when it is killed in the middle', async () => {
    const session = await signInPerson(app, demo);
    await session.stepUp();
    await session.delete(`/v1/me?confirm=${session.userId}`);
    const due = new Date(app.clock.now().getTime() + 8 * DAY);
    const hold = await app.database.hold('LOCK TABLE user_aliases IN SHARE MODE');
    const erasing = app.nest.get(ErasureCompletion).completeDue(due);
    const outcome = erasing.then(
      () => 'done',
      () => 'failed',
    );
    await until(() => app.isWaitingFor('DELETE FROM users'));
    await app.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
    );
    expect(await outcome).toBe('failed');
    await hold.commit();
    expect(await rowsThatHold(app.database, [session.userId])).not.toEqual([]);
    // It has begun, so it cannot be cancelled.
    const initData = app.initDataOf(demo, session.person);
    expectProblem(
      await app.postSignIn({ applicationId: demo.applicationId, initData, cancelErasure: true }),
      403,
      'user.erasure_pending',
    );

    expect(await app.nest.get(ErasureCompletion).completeDue(due)).toBe(1);
    expect(await rowsThatHold(app.database, [session.userId])).toEqual([]);
  });
});
