import { DailyCounters } from '@countersign/audit';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/counters';
const UNKNOWN = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

interface Counter {
  readonly name: string;
  readonly applicationId: string | null;
  readonly code: string | null;
  readonly count: number;
}

describe('GET /v1/admin/counters', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('answers at once what happened by day, of all applications together and apart', async () => {
    const operator = await anOperator(app, ['counters:read']);
    const day = app.clock.now().toISOString().slice(0, 10);
    const { applicationId } = demo;
    const [ada, bob] = [aPerson(), aPerson()];
    for (const person of [ada, bob, ada]) await app.signIn(demo, person);
    const malformed = app.initDataOf(demo).replace('hash=', 'hash=0');
    await app.postSignIn({ applicationId, initData: malformed });
    await app.postSignIn({ applicationId: UNKNOWN, initData: malformed });
    await app.refresh('junk');

    const read = async (query: string, by = operator): Promise<readonly Counter[]> =>
      ((await by.get(`${PATH}${query}`).expect(200)).body as { items: readonly Counter[] }).items;
    const sum = { day, applicationId: null, code: null };
    expect(await read('')).toEqual([
      { ...sum, name: 'call.refused', count: 3 },
      { ...sum, name: 'session.active', count: 3 },
      { ...sum, name: 'session.opened', count: 1 },
      { ...sum, name: 'user.created', count: 2 },
    ]);
    const ofDay = await read(`?day=${day}`);
    const refused = ofDay.filter(({ name }) => name === 'call.refused');
    expect(refused).toHaveLength(3);
    expect(refused).toContainEqual({
      ...{ day, name: 'call.refused', applicationId, code: 'init_data.hash_malformed', count: 1 },
    });
    expect(refused).toContainEqual({ ...sum, name: 'call.refused', code: 'session.token_invalid', count: 1 });
    expect(refused.filter((each) => each.applicationId === UNKNOWN)).toEqual([]);
    expect(ofDay).toContainEqual({ ...sum, name: 'user.created', applicationId, count: 2 });

    expectProblem(await operator.get(`${PATH}?day=tomorrow`), 400, 'request.invalid');
    for (const other of ['2026-01-31', '2027-02-29', '0000-01-01'])
      expect(await read(`?day=${other}`)).toEqual([]);

    app.clock.advance(31 * 86_400);
    expect(await read('', await anOperator(app, ['counters:read']))).toEqual([]);
  });

  it('counts a session once a day: by its opening, a call or a refresh', async () => {
    const own = await app.createApplication();
    const now = app.clock.now().getTime();
    app.clock.advance((Math.ceil(now / 86_400_000) * 86_400_000 - now) / 1_000 - 600);
    const [called, refreshed] = [await app.signIn(own), await app.signIn(own)];
    const again = async () => {
      for (let times = 0; times < 2; times += 1) {
        expect((await app.getMe(called.accessToken)).status).toBe(200);
        app.clock.advance(61);
        await app.flushSlides();
      }
    };
    await again();
    const late = await app.refresh((await app.signIn(own)).refreshToken);
    app.clock.advance(1_200);
    await again();
    // The first use of a pair of yesterday.
    expect((await app.getMe((late.body as { accessToken: string }).accessToken)).status).toBe(200);
    app.clock.advance(61);
    await app.flushSlides();
    for (let { refreshToken } of [refreshed])
      for (let times = 0; times < 2; times += 1) {
        const answer = await app.refresh(refreshToken);
        expect(answer.status).toBe(200);
        ({ refreshToken } = answer.body as { refreshToken: string });
        app.clock.advance(60);
      }
    await app.nest.get(DailyCounters).beforeApplicationShutdown();

    const stored = await app.database.query<{ count: number }>(
      `SELECT count FROM daily_counters WHERE name = 'session.active' AND application_id = $1 ORDER BY day`,
      [own.applicationId],
    );
    // What waits is written to the day of that moment.
    expect(stored.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });
});
