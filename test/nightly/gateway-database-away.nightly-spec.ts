import type { Response } from 'supertest';
import { countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import type { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';
import { useApplication, useTestApp, useTestDatabase, useTcpProxy } from '../support/use-test-app';

type TakeAway = (line: TcpProxy) => Promise<void> | void;

const ways: [string, TakeAway][] = [
  ['refuses connections', (line) => line.cut()],
  [
    'swallows packets',
    (line) => {
      line.blackHole();
    },
  ],
];

function expectUnavailable(answer: Response): void {
  expectProblem(answer, 503, 'service.unavailable');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.headers).not.toHaveProperty('x-user-id');
  expect(answer.headers).not.toHaveProperty('x-identity-token');
}

describe.each(ways)('the check while the database %s', (_, takeAway) => {
  const database = useTestDatabase();
  const statements = useTcpProxy(() => database.url);
  const notifications = useTcpProxy(() => database.directUrl);
  const app = useTestApp(() => ({
    database: { ...database, url: statements.url },
    environment: { DATABASE_DIRECT_URL: notifications.url, PATIENCE: '1' },
  }));
  const shop = useApplication(app, { settings: { audiences: ['orders'] } });
  let warm: SignInBody;
  let cold: SignInBody;
  let ended: SignInBody;

  beforeEach(async () => {
    [warm, cold, ended] = [await app.signIn(shop), await app.signIn(shop), await app.signIn(shop)];
    await app.accounts.revoke({ sessionId: ended.sessionId });
    await until(async () => {
      expectProblem(await app.check(ended.accessToken), 401, 'session.ended');
      return app.isListening && (await app.check(warm.accessToken)).status === 200;
    });
  });

  afterEach(async () => {
    await Promise.all([statements.restore(), notifications.restore()]);
    await until(async () => (await app.check(cold.accessToken)).status === 200);
    await until(() => app.isListening);
  });

  it('goes on for warm sessions while notifications are heard, and answers nobody else', async () => {
    await takeAway(statements);

    await until(async () => (await app.check(warm.accessToken)).headers['x-user-id'] === warm.userId);
    expectUnavailable(await app.check(cold.accessToken));
    expectProblem(await app.check(ended.accessToken), 401, 'session.ended');
    expectProblem(await app.check('junk'), 401, 'session.token_invalid');
    expectProblem(await app.check(warm.accessToken, '?scope=admin'), 403, 'gateway.scope_not_granted');
    await until(async () => (await app.check(warm.accessToken)).status === 200);
  });

  it('no longer believes a warm session when it could not be read for fifteen seconds', async () => {
    await takeAway(statements);
    app.clock.advance(15);

    expectUnavailable(await app.check(warm.accessToken));
  });

  it('permits nobody when notifications are silent too', async () => {
    await Promise.all([takeAway(statements), takeAway(notifications)]);
    await until(() => !app.isListening);

    for (const round of [1, 2]) {
      const answers = await Promise.all(
        times(30, (index) =>
          app.check((index % 2 ? warm : cold).accessToken, round === 1 ? '' : '?audience=orders'),
        ),
      );
      expect(countBy(answers, ({ status }) => status)).toEqual({ 503: 30 });
      for (const answer of answers) expectUnavailable(answer);
    }
    expectProblem(await app.check(ended.accessToken), 401, 'session.ended');
    expectProblem(await app.check('junk'), 401, 'session.token_invalid');
  });

  it('hears of what ended meanwhile', async () => {
    await Promise.all([takeAway(statements), takeAway(notifications)]);
    await until(() => !app.isListening);
    expectUnavailable(await app.check(warm.accessToken));
    await database.query(`UPDATE sessions SET ended_at = $2, end_reason = 'revoked' WHERE id = $1`, [
      warm.sessionId,
      app.clock.now(),
    ]);
    await Promise.all([statements.restore(), notifications.restore()]);

    await until(async () => (await app.check(warm.accessToken)).status !== 503);
    expectProblem(await app.check(warm.accessToken), 401, 'session.ended');
  });
});
