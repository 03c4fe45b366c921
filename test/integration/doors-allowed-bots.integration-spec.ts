import type { Response } from 'supertest';
import { AcceptedBots, type Trust } from '@countersign/applications';
import { aBotToken, aPerson, type Person, type SignInBody } from '../factories';
import { linkIdentity } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { openWeb3Launch, sessionOf, signInPerson } from '../support/person-session';
import { openWeb3InitDataOf, postTo } from '../support/proofs';
import type { Demo } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

const PLACE = { provider: 'telegram', environment: 'production' } as const;

const app = useTestApp();

/** An application that allows a bot of somebody else, as a `Demo` of that bot. */
interface Allowing extends Demo {
  /** The same with a bot of its own; that of somebody else where it has none. */
  readonly own: Demo;
}

async function anApplication(kind: 'no bots' | 'a bot', trust: Trust = 'first-party'): Promise<Allowing> {
  const botToken = aBotToken();
  const botId = botToken.split(':', 1)[0] ?? '';
  const { applicationId } = await app.applications.create({ name: 'Test', trust, origins: [] });
  await app.changeSettings(applicationId, { perRequestInitData: { accept: true } });
  const allowed = { applicationId, botId, botToken };
  const own = kind === 'a bot' ? { applicationId, ...(await app.addBot(applicationId)) } : allowed;
  await app.nest.get(AcceptedBots).allow(applicationId, { ...PLACE, botId });
  return { ...allowed, own };
}

async function signIn(allowed: Demo, person: Person): Promise<SignInBody> {
  const { applicationId, botId } = allowed;
  const body = { applicationId, botId, initData: app.initDataOf(allowed, person) };
  const answer = await postTo(app, 'telegram/third-party-init-data', body);
  expect(answer.status).toBe(200);
  return answer.body as SignInBody;
}

function getMeByInitData({ applicationId }: Demo, initData: string): Promise<Response> {
  return app.http
    .get('/v1/me')
    .set({ authorization: `tma ${initData}`, 'x-countersign-application': applicationId });
}

describe.each(['no bots', 'a bot'] as const)(
  'a bot that is allowed by an application with %s of its own',
  (kind) => {
    it('says at refresh who is there, with the init data of the launch, however old', async () => {
      const allowed = await anApplication(kind);
      const person = aPerson();
      const initData = app.initDataOf(allowed, person);
      const session = await signIn(allowed, person);
      app.clock.advance(3 * 86_400);

      const refreshed = await app.refresh(session.refreshToken, { initData });

      expect(refreshed.body).toMatchObject({ userId: session.userId, sessionId: session.sessionId });
      expect(refreshed.status).toBe(200);
    });

    it('is heard at refresh and with every request for third parties too', async () => {
      const allowed = await anApplication(kind, 'third-party');
      const person = aPerson();
      const { refreshToken, userId } = await signIn(allowed, person);
      const initData = app.initDataOf(allowed, person);

      expect((await app.refresh(refreshToken, { initData })).body).toMatchObject({ userId });
      expect((await getMeByInitData(allowed, initData)).body).toMatchObject({ userId });
    });

    it('refuses the refresh when somebody else is there, and changes nothing', async () => {
      const allowed = await anApplication(kind);
      const [person, known, stranger] = [aPerson(), aPerson(), aPerson()];
      const { refreshToken } = await signIn(allowed, person);
      await signIn(allowed, known);
      const before = await inventoryOf(app);

      for (const another of [known, stranger])
        expectProblem(
          await app.refresh(refreshToken, { initData: app.initDataOf(allowed, another) }),
          409,
          'session.account_switched',
        );

      expect(await inventoryOf(app)).toEqual(before);
      expect((await app.refresh(refreshToken)).status).toBe(200);
    });

    it('tells of one identity with every request, where the account has others', async () => {
      const allowed = await anApplication(kind);
      const person = aPerson();
      const elsewhere = await app.createApplication();
      const im = await app.addOpenWeb3Bot(elsewhere);
      const session = await signInPerson(app, elsewhere, person);
      const other = aPerson();
      await linkIdentity(app, elsewhere, session, { person: other, launch: openWeb3Launch(app, im, other) });

      const { body } = await getMeByInitData(allowed, app.initDataOf(allowed, person));

      expect(body).toMatchObject({ userId: session.userId, identities: [{ provider: 'telegram' }] });
    });

    it('is heard by Telegram’s signature only, and in its own environment', async () => {
      const allowed = await anApplication(kind);
      const person = aPerson();
      const session = await signIn(allowed, person);
      const before = await inventoryOf(app);

      for (const launch of [{ omitSignature: true }, { environment: 'test' }] as const) {
        const initData = app.initDataOf(allowed, person, launch);
        const answers = [
          await app.refresh(session.refreshToken, { initData }),
          await getMeByInitData(allowed, initData),
        ];
        for (const { status, body } of answers) {
          expect(status).toBe(401);
          expect((body as { code: string }).code).toMatch(/^init_data\./);
        }
      }
      expect(await inventoryOf(app)).toEqual(before);
    });

    it('is heard no more once it is taken from the list, while its sessions go on', async () => {
      const allowed = await anApplication(kind);
      const { applicationId, botId } = allowed;
      const person = aPerson();
      const session = await signIn(allowed, person);
      await app.nest.get(AcceptedBots).disallow(applicationId, { ...PLACE, botId });
      const before = await inventoryOf(app);
      const initData = app.initDataOf(allowed, person);
      // Another bot's init data is the business of the application's own, where it has one.
      const [status, code] =
        kind === 'a bot' ? ([401, 'init_data.hash_mismatch'] as const) : ([404, 'bot.not_found'] as const);

      expectProblem(await app.refresh(session.refreshToken, { initData }), status, code);
      expectProblem(await getMeByInitData(allowed, initData), status, code);

      expect(await inventoryOf(app)).toEqual(before);
      expect((await app.refresh(session.refreshToken)).status).toBe(200);
    });
  },
);

describe('a bot of the application’s own that it allows as well', () => {
  it('is heard no more once it is disabled, and rests on its signature once it is compromised', async () => {
    const own = await app.createApplication({ settings: { perRequestInitData: { accept: true } } });
    const key = { ...PLACE, botId: own.botId };
    await app.nest.get(AcceptedBots).allow(own.applicationId, key);
    const person = aPerson();
    const session = await app.signIn(own, person);
    const attempts = async (): Promise<Response[]> => {
      const initData = app.initDataOf(own, person);
      const { applicationId, botId } = own;
      return [
        await postTo(app, 'telegram/third-party-init-data', {
          applicationId,
          botId,
          initData: app.initDataOf(own, person),
        }),
        await app.refresh(session.refreshToken, { initData }),
        await getMeByInitData(own, initData),
      ];
    };

    await app.bots.change(key, { status: 'disabled' });
    for (const answer of await attempts()) expectProblem(answer, 403, 'bot.disabled');
    await app.bots.change(key, { status: 'compromised' });
    expect((await attempts()).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('a launch by a bot that is allowed', () => {
  it('reaches nothing of the account with the code of a step-up that the person asked for', async () => {
    const allowed = await anApplication('a bot');
    const person = aPerson();
    const own = await signInPerson(app, allowed.own, person);
    const launchedFor = async (act: string) => {
      const { code } = (await own.post('/v1/me/step-up/requests', { act })).body as { code: string };
      const { applicationId, botId } = allowed;
      const initData = app.initDataOf(allowed, person, { startParam: `s_${code}` });
      const answer = await postTo(app, 'telegram/third-party-init-data', { applicationId, botId, initData });
      const body = answer.body as SignInBody;
      expect(body.userId).toBe(own.userId);
      expect(body).not.toHaveProperty('stepUp');
      return sessionOf(app, body, person, () => ({}));
    };

    for (const [act, path] of [
      ['account.join', '/v1/me/joins'],
      ['account.link', '/v1/me/identities/wallets'],
    ] as const) {
      const session = await launchedFor(act);
      expectProblem(await session.post(path), 403, 'auth.assurance_too_low');
    }
    const session = await launchedFor('account.export');
    expectProblem(await session.get('/v1/me/export'), 403, 'auth.assurance_too_low');
  });
});

describe('beside a bot that is allowed', () => {
  it('the application’s own bot says what is wrong with what it signed', async () => {
    const allowed = await anApplication('no bots');
    const { botToken } = await app.addBot(allowed.applicationId, { provider: 'openweb3' });
    const initData = openWeb3InitDataOf(app, { ...allowed, botToken }, aPerson());

    expect((await getMeByInitData(allowed, initData)).status).toBe(200);
    expectProblem(
      await getMeByInitData(allowed, initData.replace('auth_date=1', 'auth_date=2')),
      401,
      'init_data.hash_mismatch',
    );
  });
});
