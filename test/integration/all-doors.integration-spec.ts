import type { Response } from 'supertest';
import { AcceptedBots } from '@countersign/applications';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { aPerson, times, type Person } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { anOidcApplication, Browser, exchange, useOidc } from '../support/oidc';
import { openWeb3InitDataOf, postTo, proofsOf } from '../support/proofs';
import { FRONT_URL, sign } from '../support/rapidpace';
import type { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useOpenWeb3Bot } from '../support/use-test-app';

const SECRET = 'a-secret-that-rapidpace-provided';

describe('all doors at once', () => {
  const { app, oidc } = useOidc();
  const demo = useFixture(() =>
    anOidcApplication(app, oidc, {
      settings: {
        rapidpace: { frontUrl: FRONT_URL },
        perRequestInitData: { accept: true },
        redirectUrls: ['https://game.example/in?from=telegram&x=%2B+'],
      },
    }),
  );

  const im = useOpenWeb3Bot(app, demo);

  beforeAll(async () => {
    await app.nest.get(RapidpaceSecrets).add(demo.applicationId, SECRET);
    await app.nest.get(AcceptedBots).allow(demo.applicationId, {
      provider: 'telegram',
      environment: 'production',
      botId: demo.botId,
    });
  });

  type Knock = (at: TestApp) => PromiseLike<Response>;

  const recordOf = ({ id, first_name }: Person) => ({
    telegram_id: id,
    first_name,
    auth_date: Math.floor(app.clock.now().getTime() / 1_000),
  });

  async function rapidpaceCode(person: Person): Promise<string> {
    const record = recordOf(person);
    const query = new URLSearchParams({
      ...Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)])),
      'x-urm-hmac': sign(record, SECRET),
    });
    const answer = await app.http.get(`/v1/rapidpace/${demo.applicationId}/redirect?${query.toString()}`);
    return new URL(answer.headers['location'] ?? '').searchParams.get('code') ?? '';
  }

  /** Every door of Telegram's, ready to be knocked at. Redirects have come as far as their code. */
  async function everyDoor(person: Person): Promise<Record<string, Knock>> {
    const { applicationId, botId } = demo;
    const record = recordOf(person);
    oidc.nextPerson = person;
    const landing = await new Browser(app).logIn(demo);
    const code = await rapidpaceCode(person);
    const initData = app.initDataOf(demo, person);
    const post = (path: keyof typeof proofsOf): Knock => {
      const proof = proofsOf[path](app, demo, person);
      return (at) => postTo(at, path, { applicationId, botId, ...proof });
    };
    return {
      'init data': post('telegram/init-data'),
      'third-party init data': post('telegram/third-party-init-data'),
      'Login Widget': post('telegram/login-widget'),
      'OpenID Connect': (at) => exchange(at, demo, landing),
      'a Rapidpace link': (at) => postTo(at, 'exchange', { applicationId, code }),
      'a Rapidpace registration': (at) =>
        at.http
          .post(`/v1/rapidpace/${applicationId}/players`)
          .set('x-urm-hmac', sign(record, SECRET))
          .send(record),
      'init data per request': (at) =>
        at.http
          .get('/v1/me')
          .set('authorization', `tma ${initData}`)
          .set('x-countersign-application', applicationId),
    };
  }

  const userIdOf = ({ body }: Response) => (body as { userId: string }).userId;

  it('make one user of one new person, however simultaneous', async () => {
    await app.withReplica(async (replica) => {
      for (const round of times(6, (index) => index)) {
        const doors = Object.values(await everyDoor(aPerson()));
        const before = (await inventoryOf(app)) as { users: number; identities: number };

        const answers = await Promise.all(
          doors.map((knock, index) => knock((index + round) % 2 === 0 ? app : replica)),
        );

        expect(answers.map(({ status }) => status).filter((status) => status > 201)).toEqual([]);
        expect(new Set(answers.map(userIdOf)).size).toBe(1);
        expect(await inventoryOf(app)).toMatchObject({
          users: before.users + 1,
          identities: before.identities + 1,
        });
      }
    });
  });

  it('lead OpenWeb3 people elsewhere, until they link', async () => {
    const person = aPerson();
    const openWeb3 = await postTo(app, 'openweb3/init-data', {
      applicationId: im.applicationId,
      botId: im.botId,
      initData: openWeb3InitDataOf(app, im, person),
    });

    expect(userIdOf(openWeb3)).not.toBe((await app.signIn(demo, person, { botId: demo.botId })).userId);
  });

  it('do not open for what belongs at another: a code, a link, a record', async () => {
    const { applicationId } = demo;
    const person = aPerson();
    const code = await rapidpaceCode(person);
    const record = recordOf(person);
    const other = await app.createApplication({ settings: { rapidpace: { frontUrl: FRONT_URL } } });
    await app.nest.get(RapidpaceSecrets).add(other.applicationId, `${SECRET}-of-another`);
    const initData = app.initDataOf(demo, person);
    const before = await inventoryOf(app);

    expectProblem(
      await postTo(app, 'exchange', { applicationId: other.applicationId, code }),
      401,
      'auth.code_invalid',
    );
    expectProblem(
      await postTo(app, 'exchange', { applicationId, code: initData.slice(0, 100) }),
      401,
      'auth.code_invalid',
    );
    expectProblem(
      await app.http
        .post(`/v1/rapidpace/${other.applicationId}/players`)
        .set('x-urm-hmac', sign(record, SECRET))
        .send(record),
      401,
      'rapidpace.hmac_mismatch',
    );
    expect((await app.http.get(`/v1/rapidpace/${applicationId}/redirect?${initData}`)).status).toBe(400);
    expect(await inventoryOf(app)).toEqual(before);
    expect((await postTo(app, 'exchange', { applicationId, code })).status).toBe(200);
  });
});
