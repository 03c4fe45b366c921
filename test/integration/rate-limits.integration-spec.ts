import type { Response } from 'supertest';
import { aPerson, countBy, times, type Person, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { POOLED_CONNECTIONS } from '../support/pooled-run';
import { loginOf, postTo } from '../support/proofs';
import { aRapidpaceApplication, aRecord, codeOf, exchange, openLink, queryOf } from '../support/rapidpace';
import { statementsOf } from '../support/statement-count';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

/** Of the application's pool, by default. */
const POOL_SIZE = 20;

/** Where the answers of a crowd end. */
const statusesOf = (answers: readonly Response[]) => countBy(answers, ({ status }) => status);

/** @param resetIn seconds until the window ends */
function expectLimited(answer: Response, resetIn: number): void {
  expectProblem(answer, 429, 'request.rate_limited');
  expect(answer.headers['retry-after']).toBe(String(resetIn));
}

/** Two calls are within the limit, and the third is not. */
async function expectTwoLeft(call: () => PromiseLike<Response>): Promise<void> {
  const answers = [await call(), await call(), await call()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
}

describe('rate limits of an application', () => {
  const app = useTestApp();
  let person: Person;

  beforeEach(() => {
    person = aPerson();
  });

  const anApplication = (rateLimits: object, settings: object = {}) =>
    app.createApplication({ settings: { rateLimits, ...settings } });

  const signInAs = async (demo: Demo, who: Person = person, initData = app.initDataOf(demo, who)) =>
    app.postSignIn({ applicationId: demo.applicationId, initData });

  describe('for sign-ins', () => {
    const [limit, window] = [2, 60];

    it('hold one person at one application, and nobody else', async () => {
      const rateLimits = { signIn: { limit, window } };
      const [demo, other] = [await anApplication(rateLimits), await anApplication(rateLimits)];
      await expectTwoLeft(() => signInAs(demo));
      expectLimited(await signInAs(demo), 60);
      expect((await signInAs(demo, aPerson())).status).toBe(200);
      expect((await signInAs(other)).status).toBe(200);
    });

    it('hold one identity: the same id of another messenger is another one', async () => {
      const demo = await anApplication({ signIn: { limit, window } });
      const im = await app.addOpenWeb3Bot(demo);
      for (let index = 0; index < limit; index++) await signInOpenWeb3(app, im, person);

      await expect(signInOpenWeb3(app, im, person)).rejects.toThrow('sign-in answered 429');
      await expectTwoLeft(() => signInAs(demo));
    });

    it('say so in problem details that name nobody', async () => {
      const demo = await anApplication({ signIn: { limit, window } });
      const linesBefore = app.logLines.length;
      for (let index = 0; index < limit; index++) await signInAs(demo);
      const { body, headers } = await signInAs(demo);

      expect(body).toEqual({
        type: 'urn:countersign:error:request.rate_limited',
        title: 'Too many requests',
        status: 429,
        detail: 'Too many requests. Ask again after the seconds in `Retry-After`.',
        code: 'request.rate_limited',
        requestId: headers['x-request-id'],
      });
      for (const line of [...app.logLines.slice(linesBefore), JSON.stringify({ body, headers })])
        expect(line).not.toContain(String(person.id));
    });

    it('count the person, by whichever door', async () => {
      const demo = await anApplication({ signIn: { limit, window } });
      const { applicationId } = demo;
      const login = () =>
        postTo(app, 'telegram/login-widget', { applicationId, data: loginOf(app, demo, person) });
      await signInAs(demo);
      await login();

      expectLimited(await login(), 60);
      expectLimited(await signInAs(demo), 60);
    });

    it('count no proof that is refused, whomever it names', async () => {
      const demo = await anApplication({ signIn: { limit, window } });
      const forged = app.initDataOf({ ...demo, botToken: `${demo.botId}:forged` }, person);
      for (let index = 0; index < 5; index++)
        expectProblem(await signInAs(demo, person, forged), 401, 'init_data.hash_mismatch');

      await expectTwoLeft(() => signInAs(demo));
    });

    it('count a repeated proof too, and leave its session alone', async () => {
      const demo = await anApplication({ signIn: { limit, window: 5 } });
      const initData = app.initDataOf(demo, person);
      const [first, repeated, limited] = [
        await signInAs(demo, person, initData),
        await signInAs(demo, person, initData),
        await signInAs(demo, person, initData),
      ];
      app.clock.advance(5);
      const again = await signInAs(demo, person, initData);

      expectProblem(limited, 429, 'request.rate_limited');
      const tokensOf = ({ body }: Response) => {
        const { accessToken, refreshToken } = body as SignInBody;
        return { accessToken, refreshToken };
      };
      expect(tokensOf(repeated)).toEqual(tokensOf(first));
      expect(tokensOf(again)).toEqual(tokensOf(first));
    });

    it('write nothing, send no statement, and use up no proof', async () => {
      const demo = await anApplication({ signIn: { limit, window } });
      for (let index = 0; index < limit; index++) await signInAs(demo);
      const initData = app.initDataOf(demo, person);
      const before = await inventoryOf(app);
      const statements = await statementsOf(app, async () => {
        expectLimited(await signInAs(demo, person, initData), 60);
      });
      const after = await inventoryOf(app);
      app.clock.advance(window);

      expect(statements).toEqual([]);
      expect(after).toEqual(before);
      expect((await signInAs(demo, person, initData)).status).toBe(200);
    });

    it('use up no one-time code', async () => {
      const casino = await aRapidpaceApplication(app, {
        settings: { rateLimits: { signIn: { limit, window: 30 } } },
      });
      const { applicationId, secret } = casino;
      const record = aRecord(app);
      const follow = async (overrides: object = {}) =>
        openLink(app, applicationId, queryOf({ ...record, ...overrides }, secret));
      await follow({ trace_id: aRecord(app).trace_id });
      const code = codeOf(await follow());
      const limited = await exchange(app, applicationId, code);
      app.clock.advance(30);

      expectProblem(limited, 429, 'request.rate_limited');
      expect((await exchange(app, applicationId, code)).status).toBe(200);
    });

    it('let no crowd overshoot', async () => {
      const demo = await anApplication({ signIn: { limit: 5, window } });
      const answers = await Promise.all(times(40, () => signInAs(demo)));

      expect(statusesOf(answers)).toEqual({ 200: 5, 429: 35 });
      expect(
        await app.database.query('SELECT 1 FROM sessions WHERE application_id = $1', [demo.applicationId]),
      ).toHaveLength(5);
    });
  });

  describe('for refreshes', () => {
    const [limit, window] = [2, 60];

    it('count once what is done again alone, since a transaction that they shared has failed', async () => {
      const demo = await anApplication({ calls: { limit: 2 * limit, window: window / 2 } });
      const sessions = await Promise.all([app.signIn(demo, aPerson()), app.signIn(demo, aPerson())]);
      await app.database.query(`
        CREATE SEQUENCE updates;
        CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN IF nextval('updates') = 1 THEN RAISE 'once'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER fail_once BEFORE UPDATE ON sessions FOR EACH ROW
          WHEN (NEW.application_id = '${demo.applicationId}') EXECUTE FUNCTION fail_once()`);

      const answers = await Promise.all(sessions.map(({ refreshToken }) => app.refresh(refreshToken)));
      expect(statusesOf(answers)).toEqual({ 200: 2 });
      const [row] = await app.database.query(`SELECT nextval('updates')::int AS next`);
      expect(row).toEqual({ next: 4 });
      for (const { refreshToken } of sessions) {
        expect((await app.refresh(refreshToken)).status).toBe(200);
        expectLimited(await app.refresh(refreshToken), 60);
      }
    });

    it('hold one session, and leave it as it was', async () => {
      const demo = await anApplication({ calls: { limit: 2 * limit, window: window / 2 } });
      const [first, other] = [await app.signIn(demo, person), await app.signIn(demo, person)];
      let { refreshToken } = first;
      for (let index = 0; index < limit; index++)
        refreshToken = ((await app.refresh(refreshToken)).body as SignInBody).refreshToken;
      const rowOf = () => app.database.query('SELECT * FROM sessions WHERE id = $1', [first.sessionId]);
      const before = await rowOf();
      expectLimited(await app.refresh(refreshToken), 60);
      const after = await rowOf();

      expect(after).toEqual(before);
      await expectTwoLeft(() => app.refresh(other.refreshToken));
      app.clock.advance(window);
      expect((await app.refresh(refreshToken)).body).toMatchObject({ sessionId: first.sessionId });
    });

    it('let a used token end the session all the same', async () => {
      const demo = await anApplication({ calls: { limit: 2 * limit, window: window / 2 } });
      const { refreshToken, sessionId } = await app.signIn(demo, person);
      await app.refresh(refreshToken);
      const { accessToken } = (await app.refresh(refreshToken)).body as SignInBody;
      await app.getMe(accessToken).expect(200);
      app.clock.advance(11);

      expectProblem(await app.refresh(refreshToken), 401, 'session.refresh_reused');
      expect(await app.database.query('SELECT end_reason FROM sessions WHERE id = $1', [sessionId])).toEqual([
        { end_reason: 'refresh-reuse' },
      ]);
    });

    it('need no second connection, so that a crowd cannot take the pool from itself', async () => {
      const demo = await anApplication({});
      const sessions = await Promise.all(times(POOL_SIZE, () => app.signIn(demo)));
      // Memory does not know the application for certain any more.
      app.clock.advance(31);
      const locks = await app.database.hold('SELECT 1 FROM sessions FOR UPDATE');
      const answers = Promise.all(sessions.map(({ refreshToken }) => app.refresh(refreshToken)));
      const { url, directUrl } = app.database;
      const most = url === directUrl ? POOL_SIZE : POOLED_CONNECTIONS;
      // Each gives up its wait after some time, and queues again.
      const waited = new Set<number>();
      await until(async () => {
        const waiting = await app.database.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        for (const { pid } of waiting) waited.add(pid);
        return waited.size === most;
      });
      await locks.commit();

      expect(statusesOf(await answers)).toEqual({ 200: POOL_SIZE });
    });

    it('count no token that is not of the session any more', async () => {
      const demo = await anApplication({ calls: { limit: 2 * limit, window: window / 2 } });
      const initData = app.initDataOf(demo, person);
      const { refreshToken: before } = (await signInAs(demo, person, initData)).body as SignInBody;
      app.clock.advance(11);
      const { refreshToken } = (await signInAs(demo, person, initData)).body as SignInBody;
      for (let index = 0; index < 5; index++)
        expectProblem(await app.refresh(before), 401, 'session.token_invalid');

      await expectTwoLeft(() => app.refresh(refreshToken));
    });
  });

  describe('for calls', () => {
    const both = { calls: { limit: 11, window: 60 } };
    const leaveThree = async (session: PersonSession): Promise<void> => {
      for (let index = 0; index < 8; index++) await session.get('/v1/me');
    };

    it('hold one user in all of their sessions, and nobody else', async () => {
      const demo = await anApplication(both);
      const [phone, laptop] = [await signInPerson(app, demo, person), await signInPerson(app, demo, person)];
      const other = await signInPerson(app, demo);
      const elsewhere = await signInPerson(app, await anApplication(both), person);
      await leaveThree(phone);
      await phone.get('/v1/me');
      await laptop.get('/v1/me/sessions');

      expect((await phone.get('/v1/me')).status).toBe(200);
      expectLimited(await laptop.get('/v1/me'), 60);
      // A route of people and of applications.
      expectLimited(await laptop.get(`/v1/users/${other.userId}`), 60);
      expect(statusesOf([await other.get('/v1/me'), await elsewhere.get('/v1/me')])).toEqual({ 200: 2 });
      app.clock.advance(60);
      expect((await laptop.get('/v1/me')).status).toBe(200);
    });

    it('tell what changes something from what does not', async () => {
      const demo = await anApplication(both);
      const session = await signInPerson(app, demo, person);
      await session.stepUp();
      const last = await session.stepUp();

      expect(last.status).not.toBe(429);
      expectLimited(await session.stepUp(), 60);
      expectLimited(await session.delete(`/v1/me/sessions/${session.sessionId}`), 60);
      expect((await session.get('/v1/me')).status).toBe(200);
      const head = () => app.http.head('/v1/me').set('authorization', `Bearer ${session.accessToken}`);
      for (let left = 10; left > 0; left -= 1) expect((await head()).status).toBe(200);
      expect((await head()).status).toBe(429);
    });

    it('do not stand in the way of a logout', async () => {
      const demo = await anApplication({ calls: { limit: 10, window: 60 } });
      const session = await signInPerson(app, demo, person);
      await session.stepUp();

      expectProblem(await session.stepUp(), 429, 'request.rate_limited');
      expect((await session.post('/v1/auth/logout')).status).toBe(204);
    });

    it('count calls with init data together with those of sessions', async () => {
      const demo = await anApplication(both, { perRequestInitData: { accept: true } });
      const session = await signInPerson(app, demo, person);
      const { applicationId } = demo;
      const byInitData = () =>
        app.http.get('/v1/me').set({
          authorization: `tma ${app.initDataOf(demo, person)}`,
          'x-countersign-application': applicationId,
        });
      await leaveThree(session);
      await session.get('/v1/me');
      await byInitData();
      await byInitData();

      expectLimited(await byInitData(), 60);
      expectLimited(await session.get('/v1/me'), 60);
    });
  });

  describe('when they are changed', () => {
    const change = (demo: Demo, rateLimits: object | null) =>
      app.changeSettings(demo.applicationId, { rateLimits });

    it('take effect at once, in the window that runs', async () => {
      const demo = await anApplication({});
      await signInAs(demo);
      await signInAs(demo);
      await change(demo, { signIn: { limit: 2, window: 600 } });
      const lowered = await signInAs(demo);
      await change(demo, { signIn: { limit: 3 } });
      const raised = [await signInAs(demo), await signInAs(demo)];
      await change(demo, { signIn: { window: 60 } });
      const otherWindow = [
        await signInAs(demo),
        await signInAs(demo),
        await signInAs(demo),
        await signInAs(demo),
      ];
      await change(demo, null);

      expectLimited(lowered, 600);
      expect(raised.map(({ status }) => status)).toEqual([200, 429]);
      expect(otherWindow.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect((await signInAs(demo)).status).toBe(200);
    });
  });
});
