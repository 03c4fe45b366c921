import { SlideWriter } from '@countersign/sessions';
import { times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { statementsOf } from '../support/statement-count';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import {
  useApplication,
  useReplica,
  useTestApp,
  useTestDatabase,
  useTcpProxy,
} from '../support/use-test-app';

describe('the check on several replicas', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const shop = useApplication(app, { settings: { audiences: ['orders'] } });
  const restless = useApplication(app, { settings: { session: { accessIdle: 10 } } });

  const statusOn = async (where: TestApp, { accessToken }: Pick<SignInBody, 'accessToken'>) =>
    (await where.check(accessToken)).status;

  it('accepts a token at once that another replica has issued, though the older one is in memory', async () => {
    const session = await app.signIn(shop);
    expect(await statusOn(app, session)).toBe(200);

    const { refreshToken } = session;
    const refreshed = (await replica.refresh(refreshToken)).body as SignInBody;

    expect(await statusOn(app, refreshed)).toBe(200);
    expect(await statusOn(replica, refreshed)).toBe(200);
  });

  it('accepts it for everybody who asks at once, the older one among them', async () => {
    const session = await app.signIn(shop);
    await app.check(session.accessToken);
    const refreshed = (await replica.refresh(session.refreshToken)).body as SignInBody;

    const answers = await Promise.all(
      times(60, (index) => app.check((index % 3 ? refreshed : session).accessToken)),
    );

    const ofNewer = answers.filter((_, index) => index % 3 !== 0);
    expect(new Set(ofNewer.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('accepts a token that was kept alive on another replica, though it has idled out in memory', async () => {
    const session = await app.signIn(restless);
    expect(await statusOn(app, session)).toBe(200);
    app.clock.advance(8);
    expect(await statusOn(replica, session)).toBe(200);
    await replica.flushSlides();
    app.clock.advance(4);

    expect(await statusOn(app, session)).toBe(200);
  });

  it('refuses it where nobody used it, and asks again after a second', async () => {
    const session = await app.signIn(restless);
    await app.check(session.accessToken);
    app.clock.advance(9);
    await replica.check(session.accessToken);
    app.clock.advance(2);
    expectProblem(await app.check(session.accessToken), 401, 'session.expired');

    await replica.nest.get(SlideWriter).flush(true);
    expectProblem(await app.check(session.accessToken), 401, 'session.expired');
    app.clock.advance(1);
    expect(await statusOn(app, session)).toBe(200);
  });

  it.each<[string, (session: SignInBody) => PromiseLike<unknown>]>([
    ['revoked', ({ sessionId }) => replica.accounts.revoke({ sessionId })],
    ['revoked with all of its user', ({ userId }) => replica.accounts.revoke({ userId })],
    ['deactivated with its user', ({ userId }) => replica.accounts.setStatus(userId, 'deactivated')],
    [
      'logged out of',
      ({ accessToken }) =>
        replica.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204),
    ],
    [
      'ended by its owner',
      ({ accessToken }) =>
        replica.http
          .delete('/v1/me/sessions?all=true')
          .set('authorization', `Bearer ${accessToken}`)
          .expect(204),
    ],
  ])('refuses a session that was %s on another replica, as soon as that is heard', async (_, end) => {
    const session = await app.signIn(shop);
    const before = await app.check(session.accessToken, '?audience=orders');
    expect(before.status).toBe(200);

    await end(session);

    await until(async () => (await statusOn(app, session)) === 401);
    for (const where of [app, replica])
      for (const query of ['', '?audience=orders']) {
        const answer = await where.check(session.accessToken, query);
        expectProblem(answer, 401, 'session.ended');
        expect(answer.headers).not.toHaveProperty('x-identity-token');
      }
  });

  it('gives the identity of the session, whichever replica is asked', async () => {
    const sessions = await Promise.all(times(5, () => app.signIn(shop)));
    for (const where of [app, replica, app])
      for (const { accessToken, sessionId, userId } of sessions)
        expect((await where.check(accessToken)).headers).toMatchObject({
          'x-session-id': sessionId,
          'x-user-id': userId,
        });
  });
});

describe('the check while notifications are silent', () => {
  const database = useTestDatabase();
  const line = useTcpProxy(() => database.directUrl);
  const app = useTestApp(() => ({ database, environment: { DATABASE_DIRECT_URL: line.url } }));
  const shop = useApplication(app, { settings: { audiences: ['orders'] } });

  beforeEach(() => until(() => app.isListening));

  afterEach(() => line.restore());

  const silences: [string, () => Promise<void> | void][] = [
    ['cut', () => line.cut()],
    [
      'lost on their way',
      () => {
        line.blackHole();
      },
    ],
  ];

  async function silence(how: () => Promise<void> | void): Promise<void> {
    await how();
    await until(() => !app.isListening);
  }

  it.each(silences)('reads the row for every check when they are %s', async (_, how) => {
    const { accessToken } = await app.signIn(shop);
    await app.check(accessToken);
    await silence(how);

    for (let count = 0; count < 3; count += 1) {
      const statements = await statementsOf(app, async () => {
        expect((await app.check(accessToken, '?audience=orders')).status).toBe(200);
      });
      // Twice where the connection is lost once more during the read: what was read may be outdated then.
      for (const table of ['FROM sessions', 'FROM applications a'])
        expect(statements.filter((statement) => statement.includes(table))).not.toHaveLength(0);
    }
  });

  it.each(silences)('refuses what ended while they are %s', async (_, how) => {
    const session = await app.signIn(shop);
    await app.check(session.accessToken);
    await silence(how);
    await database.query(`UPDATE sessions SET ended_at = $2, end_reason = 'revoked' WHERE id = $1`, [
      session.sessionId,
      app.clock.now(),
    ]);

    expectProblem(await app.check(session.accessToken), 401, 'session.ended');
  });

  it.each(silences)('knows what an operator has changed while they are %s', async (_, how) => {
    const demo = await app.createApplication({ settings: { audiences: ['old'] } });
    const { accessToken } = await app.signIn(demo);
    await app.check(accessToken, '?audience=old');
    await silence(how);
    await database.query(
      `UPDATE applications SET settings = settings || '{"audiences":["new"]}' WHERE id = $1`,
      [demo.applicationId],
    );

    expectProblem(await app.check(accessToken, '?audience=old'), 403, 'gateway.audience_not_granted');
    expect((await app.check(accessToken, '?audience=new')).status).toBe(200);
  });

  it('believes nothing from before when they are heard again', async () => {
    const session = await app.signIn(shop);
    await app.check(session.accessToken);
    await silence(() => line.cut());
    await database.query(`UPDATE sessions SET ended_at = $2, end_reason = 'revoked' WHERE id = $1`, [
      session.sessionId,
      app.clock.now(),
    ]);
    await line.restore();
    await until(() => app.isListening);

    expectProblem(await app.check(session.accessToken), 401, 'session.ended');
  });

  it('keeps sessions alive by their use', async () => {
    const demo = await app.createApplication({ settings: { session: { accessIdle: 10 } } });
    const { accessToken } = await app.signIn(demo);
    await silence(() => line.cut());

    for (let count = 0; count < 5; count += 1) {
      expect((await app.check(accessToken)).status).toBe(200);
      app.clock.advance(8);
    }
    expect((await app.check(accessToken)).status).toBe(200);
  });
});
