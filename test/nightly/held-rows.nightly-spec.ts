import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../runner/patience.cjs';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import type { TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { useApplication, useTcpProxy, useTestApp, useTestDatabase } from '../support/use-test-app';

const POOL_SIZE = 6;
/** Those of the service's time limits, see server-limits.ts. */
const LOCK_TIMEOUT_MS = 4_000;
const GIVES_UP_MS = 10_000;
/** The maximum time for the lock, the turn and the slot together. */
const PERSON_WAITS_MS = 6_500 * patience;

const environment = { PATIENCE: '1', DATABASE_POOL_SIZE: String(POOL_SIZE) };

async function backendsOf(database: TestDatabase, condition: string): Promise<number> {
  const found = await database.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'countersign' AND ${condition}`,
  );
  return found.length;
}

const waitingIn = (database: TestDatabase) => backendsOf(database, `wait_event_type = 'Lock'`);

async function timed<T>(
  work: () => PromiseLike<T>,
): Promise<{ readonly answer: T; readonly tookMs: number }> {
  const startedAt = performance.now();
  return { answer: await work(), tookMs: performance.now() - startedAt };
}

describe('a row that somebody holds', () => {
  const app = useTestApp({ environment });
  const demo = useApplication(app);

  const slidOf = async (sessions: readonly SignInBody[]): Promise<ReadonlyMap<string, Date>> => {
    const rows = await app.database.query<{ id: string; at: Date }>(
      'SELECT id, access_idle_expires_at AS at FROM sessions WHERE id = ANY($1)',
      [sessions.map(({ sessionId }) => sessionId)],
    );
    return new Map(rows.map(({ id, at }) => [id, at]));
  };

  it('keeps no slide but its own from being written, and that one only as long as it is held', async () => {
    const sessions = await Promise.all(times(20, () => app.signIn(demo)));
    const before = await slidOf(sessions);
    const [locked] = sessions;
    app.clock.advance(60);
    await Promise.all(sessions.map(({ accessToken }) => app.getMe(accessToken).expect(200)));
    const held = await app.database.hold(
      `SELECT 1 FROM sessions WHERE id = '${locked?.sessionId ?? ''}' FOR UPDATE`,
    );
    app.clock.advance(61);

    const { tookMs } = await timed(() => app.flushSlides());
    const meanwhile = await slidOf(sessions);
    await held.commit();
    await app.flushSlides();
    const afterwards = await slidOf(sessions);

    expect(tookMs).toBeLessThan(LOCK_TIMEOUT_MS);
    for (const { sessionId } of sessions) {
      const isLocked = sessionId === locked?.sessionId;
      expect(meanwhile.get(sessionId)?.getTime() === before.get(sessionId)?.getTime()).toBe(isLocked);
      expect(afterwards.get(sessionId)?.getTime()).toBeGreaterThan(before.get(sessionId)?.getTime() ?? 0);
    }
  });

  it('costs only its own person, who is told to try again', async () => {
    const sessions = await Promise.all(times(30, () => app.signIn(demo)));
    const held = await app.database.hold(
      `SELECT 1 FROM sessions WHERE id = ANY('{${sessions
        .slice(0, 12)
        .map(({ sessionId }) => sessionId)
        .join()}}') FOR UPDATE`,
    );
    const stuck = Promise.all(
      sessions.slice(0, 12).map(({ refreshToken }) => timed(() => app.refresh(refreshToken))),
    );
    const leaving = app.http
      .delete('/v1/me/sessions?all=true')
      .set('authorization', `Bearer ${sessions[0]?.accessToken ?? ''}`)
      .then((answer) => answer);
    await until(async () => (await waitingIn(app.database)) > 0);
    await sleep(1_000);

    app.clock.catchUp();
    const others = await timed(() =>
      Promise.all([
        ...sessions.slice(12).map(async ({ refreshToken }) => app.refresh(refreshToken)),
        app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo, aPerson()) }),
        app.http.get('/health/ready'),
      ]),
    );
    const refused = [...(await stuck), { answer: await leaving, tookMs: 0 }];
    const waiting = await waitingIn(app.database);
    const backends = await backendsOf(app.database, 'true');
    await held.commit();
    const again = await Promise.all(
      sessions.slice(1, 12).map(async ({ refreshToken }) => app.refresh(refreshToken)),
    );

    expect(countBy(others.answer, ({ status }) => status)).toEqual({ 200: 20 });
    expect(others.tookMs).toBeLessThan(2_000);
    for (const { answer, tookMs } of refused) {
      expectProblem(answer, 503, 'service.unavailable');
      expect(answer.headers['retry-after']).toBe('2');
      expect(tookMs).toBeLessThan(PERSON_WAITS_MS);
    }
    expect(waiting).toBe(0);
    expect(backends).toBeLessThanOrEqual(POOL_SIZE);
    expect(countBy(again, ({ status }) => status)).toEqual({ 200: 11 });
  });

  it('or a table leaves no backend behind that waits for it', async () => {
    const { accessToken } = await app.signIn(demo);
    app.clock.advance(20);
    const held = await app.database.hold('LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
    const rounds = await Promise.all(times(2 * POOL_SIZE, () => timed(() => app.getMe(accessToken))));
    const waiting = await waitingIn(app.database);
    await held.commit();

    for (const { answer, tookMs } of rounds) {
      expectProblem(answer, 503, 'service.unavailable');
      expect(tookMs).toBeLessThan(GIVES_UP_MS);
    }
    expect(waiting).toBe(0);
    await app.getMe(accessToken).expect(200);
  });
});

describe('a machine that vanishes in the middle of a transaction', () => {
  const database = useTestDatabase();
  const network = useTcpProxy(() => database.url);
  const app = useTestApp(() => ({ database, environment }));
  const vanishing = useTestApp(() => ({
    database,
    keys: app.keys,
    clock: app.clock,
    telegram: app.telegram,
    environment: { ...environment, DATABASE_URL: network.url },
  }));
  const demo = useApplication(app);

  it('keeps its people out for ten seconds at most', async () => {
    const { refreshToken } = await app.signIn(demo);
    // Its transaction has to have locked the session, and wait for something else.
    const held = await database.hold('LOCK TABLE sessions IN EXCLUSIVE MODE');
    const lost = vanishing.refresh(refreshToken).then(
      () => undefined,
      () => undefined,
    );
    await until(() => app.isWaitingFor('FOR NO KEY UPDATE'));
    network.vanish();
    const vanishedAt = performance.now();
    await held.commit();
    await until(async () => (await backendsOf(database, `state = 'idle in transaction'`)) === 1);

    const answers: number[] = [];
    await until(async () => {
      const { status } = await app.refresh(refreshToken);
      answers.push(status);
      return status === 200;
    });

    expect(performance.now() - vanishedAt).toBeLessThan(10_000);
    expect(answers[0]).toBe(503);
    expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    await network.restore();
    await lost;
  });
});
