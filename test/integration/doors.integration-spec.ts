import passport from 'passport';
import { AcceptedBots } from '@countersign/applications';
import { aBotToken, aPerson, times } from '../factories';
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

  it('does not look at the hash, which covers nothing here', async () => {
    const accepting = await anAcceptingApplication();
    const initData = app.initDataOf(accepting).replace(/hash=.{64}/, `hash=${'0'.repeat(64)}`);
    const body = { applicationId: accepting.applicationId, botId: bot.botId, initData };

    expect((await postTo(app, 'telegram/third-party-init-data', body)).status).toBe(200);
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

  it('needs the id of the bot', async () => {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };

    expectProblem(await postTo(app, 'telegram/third-party-init-data', body), 400, 'request.invalid', [
      { path: 'botId', code: 'matches' },
    ]);
  });
});

describe('init data whose hash does not match', () => {
  const changed =
    /^Telegram's own signature does not match either\. The fields were changed after Telegram signed them/;
  const otherToken = /Check that the token is that of the bot which opens the Mini App\.$/;
  const rewritten = (json: string) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).reverse()));

  it.each<[string, RegExp, (fields: URLSearchParams) => void]>([
    [
      'a `user` that a library wrote anew',
      changed,
      (fields) => fields.set('user', rewritten(fields.get('user') ?? '')),
    ],
    ['another date', changed, (fields) => fields.set('auth_date', '1')],
    ['another hash', otherToken, (fields) => fields.set('hash', '0'.repeat(64))],
    [
      'another date, without a signature',
      otherToken,
      (fields) => {
        fields.delete('signature');
        fields.set('auth_date', '1');
      },
    ],
  ])('is refused with what helps: %s', async (_, detail, change) => {
    const fields = new URLSearchParams(app.initDataOf(demo));
    change(fields);

    const answer = await app.postSignIn({ applicationId: demo.applicationId, initData: fields.toString() });

    expectProblem(answer, 401, 'init_data.hash_mismatch');
    expect((answer.body as { detail: string }).detail).toMatch(detail);
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

  it.each(['Ada', '👨‍👩‍👧‍👦 Zoë', '???>>>'])('takes each spelling of base64 for one proof, of %s', async (name) => {
    const login = loginOf(app, demo, aPerson({ first_name: name }));
    const bytes = Buffer.from(widgetForms.tgAuthResult(login).tgAuthResult, 'base64url');
    const [standard, urlSafe] = [bytes.toString('base64'), bytes.toString('base64url')];
    const padding = standard.slice(urlSafe.length);

    const tokens = new Set<string>();
    for (const tgAuthResult of [standard, standard.replace(/=*$/, ''), urlSafe, urlSafe + padding]) {
      const body = { applicationId: demo.applicationId, tgAuthResult };
      const answer = await postTo(app, 'telegram/login-widget', body);
      expect([tgAuthResult, answer.status]).toEqual([tgAuthResult, 200]);
      tokens.add((answer.body as { accessToken: string }).accessToken);
    }
    expect(tokens.size).toBe(1);
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

  it('takes numbers as texts and the reverse', async () => {
    const login = loginOf(app, demo, aPerson());
    const texts = Object.fromEntries(Object.entries(login).map(([key, value]) => [key, String(value)]));

    const body = { applicationId: demo.applicationId, data: texts };

    expect((await postTo(app, 'telegram/login-widget', body)).status).toBe(200);
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

  it('takes exactly one form', async () => {
    const login = loginOf(app, demo, aPerson());
    const { applicationId } = demo;
    for (const forms of [{}, { ...widgetForms.data(login), ...widgetForms.query(login) }])
      expectProblem(
        await postTo(app, 'telegram/login-widget', { applicationId, ...forms }),
        400,
        'request.invalid',
        [{ path: '', code: 'exactly_one' }],
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

  it('tolerates fields that Telegram has and OpenWeb3 has not, a signature among them, in the check string', async () => {
    const openWeb3 = await anOpenWeb3Application();
    const extra = { query_id: 'AAH', chat_type: 'private', signature: '', some_future_field: '1' };
    const initData = openWeb3InitDataOf(app, openWeb3, aPerson(), { extra });
    const attempt = (text: string) =>
      postTo(app, 'openweb3/init-data', { applicationId: openWeb3.applicationId, initData: text });

    expect((await attempt(initData)).status).toBe(200);
    expectProblem(
      await attempt(initData.replace('some_future_field=1', 'some_future_field=2')),
      401,
      'init_data.hash_mismatch',
    );
  });

  it.each(['9007199254740993', '9007199254740992', '1e3', '0', '-1', '"12"'])(
    'refuses the id %s',
    async (id) => {
      const openWeb3 = await anOpenWeb3Application();
      const extra = { user: `{"id":${id},"first_name":"A"}` };
      const initData = openWeb3InitDataOf(app, openWeb3, aPerson(), { extra });
      const before = await inventoryOf(app);

      expectProblem(
        await postTo(app, 'openweb3/init-data', { applicationId: openWeb3.applicationId, initData }),
        401,
        'init_data.user_id_invalid',
      );
      expect(await inventoryOf(app)).toEqual(before);
    },
  );

  it('does not share a token with Telegram', async () => {
    const token = aBotToken();
    const own = await app.createApplication({ bot: { token } });

    await expect(app.addBot(own.applicationId, { provider: 'openweb3', token })).rejects.toMatchObject({
      code: 'bot.token_in_use',
    });
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

describe('all doors at once', () => {
  it('make one user of one new Telegram person, whatever comes first', async () => {
    await app.withReplica(async (replica) => {
      for (const round of times(8, (index) => index)) {
        const own = await app.createApplication();
        await app.nest.get(AcceptedBots).allow(own.applicationId, { ...TELEGRAM, botId: own.botId });
        await app.catchUp();
        const person = aPerson();
        const doors = [
          'telegram/init-data',
          'telegram/third-party-init-data',
          'telegram/login-widget',
        ] as const;
        const answers = await Promise.all(
          times(12, (index) => {
            const door = doors[(index + round) % doors.length] ?? 'telegram/init-data';
            return postTo(index % 2 === 0 ? app : replica, door, {
              applicationId: own.applicationId,
              ...proofsOf[door](app, own, person),
            });
          }),
        );

        expect(answers.map(({ status }) => status)).toEqual(times(12, () => 200));
        const bodies = answers.map(({ body }) => body as { userId: string; isNewUser: boolean });
        expect(new Set(bodies.map(({ userId }) => userId)).size).toBe(1);
        expect(bodies.filter(({ isNewUser }) => isNewUser)).toHaveLength(1);
        const userId = bodies[0]?.userId;
        expect(
          await app.database.query('SELECT id FROM identities WHERE user_id = $1', [userId]),
        ).toHaveLength(1);
      }
    });
  });
});

describe('a closed application', () => {
  /** Names in Passport's registry, which is one for the process. */
  /** The properties of all that Passport has: those of an application hold it in memory. */
  const held = () =>
    Object.values(
      (passport as unknown as { readonly _strategies: Readonly<Record<string, object>> })._strategies,
    ).flatMap((strategy) => (Object.hasOwn(strategy, 'authenticate') ? [] : Object.keys(strategy)));

  it('leaves nothing of it in Passport, which would keep it in memory', async () => {
    const during = await app.withReplica(() => Promise.resolve(held()));

    expect(during).toEqual(expect.arrayContaining(['verifier']));
    expect(held()).not.toEqual(expect.arrayContaining(['verifier']));
  });

  it('leaves another one with strategies of its own', async () => {
    await app.withReplica(() => Promise.resolve());

    const demo = await app.createApplication();
    expect((await app.signIn(demo)).assurance).toBe('platform');
  });
});
