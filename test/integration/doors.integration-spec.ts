import { AcceptedBots } from '@countersign/applications';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { loginOf, openWeb3InitDataOf, postTo, proofsOf, widgetForms, type DoorName } from '../support/proofs';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const TELEGRAM = { provider: 'telegram', environment: 'production' } as const;

const app = useTestApp();
const demo = useApplication(app);

async function anOpenWeb3Application(): Promise<Demo> {
  return app.createApplication({ bot: { provider: 'openweb3', signaturePolicy: 'optional' } });
}

describe('init data', () => {
  it('signs a person in', async () => {
    const initData = app.initDataOf(demo, aPerson(), { startParam: 'campaign-7' });
    const answer = await app.postSignIn({ applicationId: demo.applicationId, initData });

    expect(answer.body).toEqual({
      tokenType: 'Bearer',
      accessToken: expect.stringMatching(/^cs_at_/) as string,
      expiresIn: 1800,
      refreshToken: expect.stringMatching(/^cs_rt_/) as string,
      refreshExpiresIn: 2_592_000,
      sessionId: expect.any(String) as string,
      userId: expect.any(String) as string,
      isNewUser: true,
      assurance: 'platform',
      startParam: 'campaign-7',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});

describe('third-party init data', () => {
  const bot: Demo = { applicationId: '', botId: '7000000123', botToken: `7000000123:${'a'.repeat(35)}` };

  async function anAcceptingApplication(environment: 'production' | 'test' = 'production'): Promise<Demo> {
    const own = await app.createApplication({ trust: 'third-party' });
    await app.nest
      .get(AcceptedBots)
      .allow(own.applicationId, { provider: 'telegram', environment, botId: bot.botId });
    return { ...bot, applicationId: own.applicationId };
  }

  it('signs in by Telegram’s signature, for a bot whose token nobody here knows', async () => {
    const accepting = await anAcceptingApplication();
    const initData = app.initDataOf(accepting, aPerson(), { startParam: 'a_b' });

    const answer = await postTo(app, 'telegram/third-party-init-data', {
      applicationId: accepting.applicationId,
      botId: bot.botId,
      initData,
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ assurance: 'platform', startParam: 'a_b', isNewUser: true });
  });

  it('refuses bots that are not on the list of the application, its own among them', async () => {
    const accepting = await anAcceptingApplication();
    const stranger = { ...bot, botId: '7000000124', botToken: bot.botToken.replace('123:', '124:') };
    for (const [applicationId, source] of [
      [accepting.applicationId, stranger],
      [demo.applicationId, bot],
      [demo.applicationId, demo],
    ] as const)
      expectProblem(
        await postTo(app, 'telegram/third-party-init-data', {
          applicationId,
          botId: source.botId,
          initData: app.initDataOf(source),
        }),
        403,
        'bot.not_accepted',
      );
  });

  it('never takes the bot from the request alone: another bot’s data does not verify as a listed one’s', async () => {
    const accepting = await anAcceptingApplication();
    const body = { applicationId: accepting.applicationId, botId: bot.botId, initData: app.initDataOf(demo) };

    expectProblem(
      await postTo(app, 'telegram/third-party-init-data', body),
      401,
      'init_data.signature_mismatch',
    );
  });

  it('keeps test and production apart', async () => {
    const [production, test] = [await anAcceptingApplication(), await anAcceptingApplication('test')];
    const person = aPerson();
    const attempt = (listed: Demo, environment: 'production' | 'test') =>
      postTo(app, 'telegram/third-party-init-data', {
        applicationId: listed.applicationId,
        botId: bot.botId,
        initData: app.initDataOf(listed, person, { environment }),
      });

    expectProblem(await attempt(production, 'test'), 401, 'init_data.signature_mismatch');
    expectProblem(await attempt(test, 'production'), 401, 'init_data.signature_mismatch');
    // A bot of its own has the same id in the other environment.
    const { applicationId } = production;
    const own = { ...TELEGRAM, environment: 'test', applicationId, username: 'own_bot' } as const;
    await app.bots.add({ ...own, token: bot.botToken, signaturePolicy: 'required' });
    await app.bots.change({ ...own, botId: bot.botId }, { status: 'disabled' });
    const users = [await attempt(production, 'production'), await attempt(test, 'test')].map(
      ({ body }) => (body as { userId: string }).userId,
    );
    expect(users).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(users).size).toBe(2);
  });

  it('stops when the bot is taken from the list', async () => {
    const accepting = await anAcceptingApplication();
    const person = aPerson();
    const body = () => ({
      applicationId: accepting.applicationId,
      ...proofsOf['telegram/third-party-init-data'](app, bot, person),
    });
    expect((await postTo(app, 'telegram/third-party-init-data', body())).status).toBe(200);

    await app.nest.get(AcceptedBots).disallow(accepting.applicationId, { ...TELEGRAM, botId: bot.botId });

    expectProblem(await postTo(app, 'telegram/third-party-init-data', body()), 403, 'bot.not_accepted');
  });

  it('opens one session with one proof, at whichever application it is shown first', async () => {
    const [one, other] = [await anAcceptingApplication(), await anAcceptingApplication()];
    const initData = app.initDataOf(one);
    const attempt = ({ applicationId }: Demo) =>
      postTo(app, 'telegram/third-party-init-data', { applicationId, botId: bot.botId, initData });

    expect((await attempt(one)).status).toBe(200);
    expectProblem(await attempt(other), 401, 'auth.proof_used');
  });
});

describe('the Login Widget', () => {
  it.each(Object.entries(widgetForms))('signs in with %s', async (_, form) => {
    const person = aPerson();

    const answer = await postTo(app, 'telegram/login-widget', {
      applicationId: demo.applicationId,
      ...form(loginOf(app, demo, person)),
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ assurance: 'bot-token', startParam: null, isNewUser: true });
    const me = (await app.getMe((answer.body as { accessToken: string }).accessToken)).body as object;
    expect(me).toMatchObject({
      profile: { firstName: person.first_name },
      identities: [{ provider: 'telegram', subject: String(person.id) }],
    });
  });

  it('takes all forms of one login for one proof', async () => {
    const login = loginOf(app, demo, aPerson());
    const answers = [];
    for (const form of Object.values(widgetForms))
      answers.push(
        await postTo(app, 'telegram/login-widget', { applicationId: demo.applicationId, ...form(login) }),
      );

    expect(new Set(answers.map(({ body }) => (body as { accessToken: string }).accessToken)).size).toBe(1);
  });

  it('is refused when it is too old, whatever init data may be', async () => {
    const own = await app.createApplication({
      settings: { loginWidget: { accept: true }, initDataMaxAge: 604_800 },
    });
    const data = loginOf(app, own, aPerson());
    app.clock.advance(86_401);

    expectProblem(
      await postTo(app, 'telegram/login-widget', { applicationId: own.applicationId, data }),
      401,
      'login_widget.auth_date_expired',
    );
  });

  it('is refused by third-party applications, since whoever holds the token can sign', async () => {
    const own = await app.createApplication({ trust: 'third-party' });
    const data = loginOf(app, own, aPerson());

    expectProblem(
      await postTo(app, 'telegram/login-widget', { applicationId: own.applicationId, data }),
      403,
      'auth.assurance_too_low',
    );
  });
});

describe('OpenWeb3', () => {
  it('signs in without a signature, with the start parameter, as a provider of its own', async () => {
    const openWeb3 = await anOpenWeb3Application();
    const person = aPerson();
    const initData = openWeb3InitDataOf(app, openWeb3, person, { startParam: 'ABC' });

    const answer = await postTo(app, 'openweb3/init-data', {
      applicationId: openWeb3.applicationId,
      initData,
    });

    expect(answer.body).toMatchObject({ assurance: 'bot-token', startParam: 'ABC', isNewUser: true });
    const telegram = await app.signIn(demo, person);
    expect(telegram.userId).not.toBe((answer.body as { userId: string }).userId);
    const me = (await app.getMe((answer.body as { accessToken: string }).accessToken)).body as object;
    expect(me).toMatchObject({ identities: [{ provider: 'openweb3', subject: String(person.id) }] });
  });
});

describe('a proof at another door, bot, application or environment', () => {
  const doors = Object.keys(proofsOf) as DoorName[];

  it.each(doors.flatMap((of) => doors.filter((at) => at !== of).map((at) => [of, at] as const)))(
    '%s is nothing at %s',
    async (of, at) => {
      const target = await app.createApplication();
      await app.nest.get(AcceptedBots).allow(target.applicationId, { ...TELEGRAM, botId: target.botId });
      const im = await app.addBot(target.applicationId, { provider: 'openweb3' });
      const person = aPerson();
      const source = of === 'openweb3/init-data' ? { ...target, ...im } : target;
      const proof = proofsOf[of](app, source, person) as Record<string, unknown>;
      // Both doors of Telegram's init data take the same text, each by its own rule: one proof, told apart by the bot.
      const isSameProof = [of, at].every((door) => /^telegram\/(third-party-)?init-data$/.test(door));
      if (isSameProof) return expectOneProof(target, proof);

      const before = await inventoryOf(app);
      const text = proof['initData'] ?? widgetForms.query(proof['data'] as Record<string, string>).query;
      const forged: Record<DoorName, object> = {
        'telegram/init-data': { initData: text },
        'telegram/third-party-init-data': { initData: text, botId: target.botId },
        'telegram/login-widget': { query: text },
        'openweb3/init-data': { initData: text },
      };
      const answer = await postTo(app, at, { applicationId: target.applicationId, ...forged[at] });

      expect([400, 401]).toContain(answer.status);
      expect((answer.body as { code: string }).code).toMatch(/^(init_data|login_widget)\./);
      expect(await inventoryOf(app)).toEqual(before);
    },
  );

  async function expectOneProof(target: Demo, proof: object): Promise<void> {
    const { applicationId, botId } = target;
    const first = await postTo(app, 'telegram/init-data', { applicationId, ...proof, botId });
    const second = await postTo(app, 'telegram/third-party-init-data', { applicationId, ...proof, botId });
    expect(first.status).toBe(200);
    expectProblem(second, 401, 'auth.proof_used');
  }

  it.each(doors)('%s of one bot is nothing with another bot of the application', async (door) => {
    const target = await app.createApplication();
    const provider = door === 'openweb3/init-data' ? 'openweb3' : 'telegram';
    const [one, other] = [
      await app.addBot(target.applicationId, { provider }),
      await app.addBot(target.applicationId, { provider }),
    ];
    for (const { botId } of [one, other])
      await app.nest.get(AcceptedBots).allow(target.applicationId, { ...TELEGRAM, botId });
    const proof = proofsOf[door](app, { ...target, ...one }, aPerson());
    const before = await inventoryOf(app);

    const answer = await postTo(app, door, {
      applicationId: target.applicationId,
      ...proof,
      botId: other.botId,
    });

    expectProblem(
      answer,
      401,
      {
        'telegram/init-data': 'init_data.hash_mismatch',
        'telegram/third-party-init-data': 'init_data.signature_mismatch',
        'telegram/login-widget': 'login_widget.hash_mismatch',
        'openweb3/init-data': 'init_data.hash_mismatch',
      }[door],
    );
    expect(await inventoryOf(app)).toEqual(before);
  });

  it.each(doors)('%s of one application is nothing at another', async (door) => {
    const provider = door === 'openweb3/init-data' ? 'openweb3' : 'telegram';
    const [one, other] = [
      await app.createApplication({ bot: { provider } }),
      await app.createApplication({ bot: { provider } }),
    ];
    const proof = proofsOf[door](app, one, aPerson());
    const before = await inventoryOf(app);

    const answer = await postTo(app, door, { applicationId: other.applicationId, ...proof });

    expect([401, 403]).toContain(answer.status);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('a test bot’s proof names another person than a production bot’s', async () => {
    const own = await app.createApplication();
    const test = await app.addBot(own.applicationId, { environment: 'test' });
    const person = aPerson();
    const { applicationId } = own;
    const attempt = (botId: string, initData: string) =>
      postTo(app, 'telegram/init-data', { applicationId, botId, initData });
    const inTest = { applicationId, ...test };

    const production = await attempt(own.botId, app.initDataOf(own, person));
    const tested = await attempt(test.botId, app.initDataOf(inTest, person, { environment: 'test' }));
    expectProblem(
      await attempt(test.botId, app.initDataOf(inTest, person)),
      401,
      'init_data.signature_mismatch',
    );

    expect([production.status, tested.status]).toEqual([200, 200]);
    expect((production.body as { userId: string }).userId).not.toBe(
      (tested.body as { userId: string }).userId,
    );
  });
});
