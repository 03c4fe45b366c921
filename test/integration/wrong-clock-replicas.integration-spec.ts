import type { Response } from 'supertest';
import { DailyCounters } from '@countersign/audit';
import { RecurringJobs } from '@countersign/database';
import { aPerson, times } from '../factories';
import { FakeClock } from '../support/fake-clock';
import { anOperator } from '../support/operator';
import { dumpOfTables } from '../support/table-dump';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;
const READ = { limit: 2, window: 600 };

describe('a replica whose clock steps while it runs', () => {
  const app = useTestApp();
  const replica = useTestApp(() => ({
    ...{ database: app.database, keys: app.keys, telegram: app.telegram },
    clock: new FakeClock(app.clock.now()),
  }));
  const demo = useApplication(app);
  const limited = useApplication(app, { settings: { rateLimits: { calls: READ } } });
  const session = useFixture(() => app.signIn(demo));
  const reader = useFixture(() => app.signIn(limited));
  const operator = useFixture(() => anOperator(app, ['users:read']));
  const signIn = () =>
    replica.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo, aPerson()) });
  const bearer = ({ accessToken }: { readonly accessToken: string }) => ({
    authorization: `Bearer ${accessToken}`,
  });
  const measure = () => replica.http.get('/health/ready');

  const calls: Readonly<Record<string, () => PromiseLike<Response>>> = {
    'a sign-in': signIn,
    'a sign-in that is refused': () =>
      replica.postSignIn({ applicationId: demo.applicationId, initData: 'hash=1' }),
    'a refresh': () => replica.refresh(session.refreshToken),
    'a refresh that is refused': () => replica.refresh('cs_rt_junk'),
    'a call of a person': () => replica.http.get('/v1/me').set(bearer(session)),
    'the end of all sessions': () => replica.http.delete('/v1/me/sessions').set(bearer(session)),
    'a call with junk': () => replica.http.get('/v1/me').set(bearer({ accessToken: 'cs_at_junk' })),
    'a call above its limit': async () => {
      const answers = await Promise.all(
        times(READ.limit + 1, () => replica.http.get('/v1/me').set(bearer(reader))),
      );
      return answers.toSorted((one, other) => one.status - other.status).at(-1) ?? signIn();
    },
    'a call of a principal': () => replica.admin.get('/v1/admin/me').set(bearer(operator)),
    'a call of a principal without the scope': () =>
      replica.admin.post('/v1/admin/applications').set(bearer(operator)).send({ name: 'Late' }),
    'a wrong secret of a principal': () =>
      replica.admin
        .post('/v1/admin/token')
        .auth(operator.principalId, 'cs_ps_wrong')
        .type('form')
        .send({ grant_type: 'client_credentials' }),
    'a check of the gateway': () => replica.gateway.get('/v1/gateway/authorize').set(bearer(session)),
  };
  async function stored(): Promise<unknown> {
    const tables = [...(await dumpOfTables(app.database))].filter(([name]) => name.startsWith('public.'));
    expect(tables.length).toBeGreaterThan(50);
    return tables;
  }

  /** Instead of its timer, which would write what earlier calls counted ten seconds later. */
  const writeCounters = (of: typeof app) => of.nest.get(DailyCounters).beforeApplicationShutdown();

  /** What timers and the end of the process write, and the jobs. */
  async function runAllElse(): Promise<void> {
    await replica.flushSlides();
    await writeCounters(replica);
    for (const job of replica.nest.get(RecurringJobs).all) await job.run().catch(() => undefined);
  }

  describe.each([-10, 500])('by %i days', (days) => {
    beforeEach(async () => {
      for (const each of [app, replica]) await writeCounters(each);
      replica.clock.advance(days * DAY);
      replica.databaseClock.setAhead(-days * DAY);
    });

    afterEach(async () => {
      replica.clock.advance(-days * DAY);
      replica.databaseClock.setAhead(0);
      await measure();
      expect((await signIn()).status).toBe(200);
      await writeCounters(replica);
      expect(await app.database.query('SELECT DISTINCT day::text FROM daily_counters')).toEqual([
        { day: app.clock.now().toISOString().slice(0, 10) },
      ]);
    });

    it.each(Object.entries(calls))(
      'writes nothing for %s, before its clock is measured',
      async (_name, call) => {
        const before = await stored();

        await call();
        await runAllElse();

        expect(await stored()).toEqual(before);
      },
    );

    it('answers everything with 503 afterwards, and writes nothing', async () => {
      expect((await measure()).status).toBe(503);
      const before = await stored();

      for (const call of Object.values(calls)) expect((await call()).status).toBe(503);
      expect((await replica.http.get('/v1/nowhere')).status).toBe(404);
      await runAllElse();

      expect(await stored()).toEqual(before);
    });
  });
});
