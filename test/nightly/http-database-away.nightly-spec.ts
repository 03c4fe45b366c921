import type { Response } from 'supertest';
import { countBy, times, type SignInBody } from '../factories';
import { type DatabaseLine } from '../support/database-line';
import { patience } from '../runner/patience.cjs';
import { expectProblem } from '../support/expect-problem';
import { RunningClock } from '../support/fake-clock';
import { until } from '../support/until';
import { useApplication, useTestApp, useTestDatabase, useDatabaseLine } from '../support/use-test-app';

const ORIGIN = 'https://app.example.com';
/** The service gives up within two seconds; a busy machine takes longer to tell. */
const IN_TIME_MS = 2_500 * patience;

interface Timed {
  readonly answer: Response;
  readonly tookMs: number;
}

describe.each<[string, (line: DatabaseLine) => Promise<void> | void]>([
  ['refuses connections', (line) => line.cut()],
  [
    'swallows packets',
    (line) => {
      line.blackHole();
    },
  ],
])('while the database %s', (_name, takeAway) => {
  const database = useTestDatabase();
  const line = useDatabaseLine(database);
  const app = useTestApp(() => ({
    database: line.database,
    clock: new RunningClock(),
    environment: { PATIENCE: '1' },
  }));
  const demo = useApplication(app, { origins: [ORIGIN] });

  let session: SignInBody;

  beforeEach(async () => {
    session = await app.signIn(demo);
    // All of the pool is in use once, so that its connections are those that are lost.
    await Promise.all(times(30, () => app.getMe(session.accessToken).set('origin', ORIGIN)));
    await until(() => app.isListening);
    await takeAway(line);
  });

  afterEach(async () => {
    await line.restore();
    await until(async () => (await app.getMe(session.accessToken)).status === 200);
  });

  const signIn = () => app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo) });

  const withToken = () => ({ authorization: `Bearer ${session.accessToken}` });
  const calls: Record<string, () => PromiseLike<Response>> = {
    'sign-in': signIn,
    'sign-in of a web page': () => signIn().set('origin', ORIGIN),
    '/v1/me': () => app.getMe(session.accessToken),
    '/v1/me of a web page': () => app.getMe(session.accessToken).set('origin', ORIGIN),
    refresh: () => app.refresh(session.refreshToken),
    'the list of sessions': () => app.http.get('/v1/me/sessions').set(withToken()),
    'ending sessions': () => app.http.delete('/v1/me/sessions').set(withToken()),
    logout: () => app.http.post('/v1/auth/logout').set(withToken()),
  };

  it('answers every call that needs it with 503 in time, also when asked again', async () => {
    for (const round of [1, 2])
      await Promise.all(
        Object.entries(calls).map(async ([name, call]) => {
          const { answer, tookMs } = await timed(call);

          expectProblem(answer, 503, 'service.unavailable');
          expect(answer.headers['retry-after']).toBe('2');
          expect({ name, round, isInTime: tookMs < IN_TIME_MS }).toEqual({ name, round, isInTime: true });
        }),
      );
  });

  it('still refuses what needs no database to be refused', async () => {
    const { answer, tookMs } = await timed(() => app.getMe('junk'));

    expectProblem(answer, 401, 'session.token_invalid');
    expectProblem(await app.postSignIn({}), 400, 'request.invalid');
    expect(tookMs).toBeLessThan(500);
    expectProblem(await signIn(), 503, 'service.unavailable');
  });

  it('is alive, and not ready because of the database', async () => {
    const live = await timed(() => app.http.get('/health/live'));
    const ready = await timed(() => app.http.get('/health/ready'));

    expect(live.answer.status).toBe(200);
    expect(live.tookMs).toBeLessThan(500);
    expect(ready.answer.status).toBe(503);
    expect(ready.answer.headers['retry-after']).toBe('2');
    expect(ready.answer.body).toEqual({
      status: 'unavailable',
      checks: [{ name: 'database', ok: false, detail: expect.any(String) as unknown }],
    });
    expect(ready.tookMs).toBeLessThan(2_000);
  });

  it('serves everything again when the database is back, without a restart', async () => {
    await signIn();
    await line.restore();
    await until(async () => (await app.http.get('/health/ready')).status === 200);

    const answers = await Promise.all(times(60, () => timed(() => app.getMe(session.accessToken))));

    expect(countBy(answers, ({ answer }) => answer.status)).toEqual({ 200: 60 });
    expect((await signIn()).status).toBe(200);
    expect((await app.refresh(session.refreshToken)).status).toBe(200);
    await until(() => app.isListening);
  });
});

async function timed(call: () => PromiseLike<Response>): Promise<Timed> {
  const start = performance.now();
  const answer = await call();
  return { answer, tookMs: performance.now() - start };
}
