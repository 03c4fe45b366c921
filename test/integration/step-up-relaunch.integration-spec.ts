import { AcceptedBots } from '@countersign/applications';
import { aBotToken, aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { postTo } from '../support/proofs';
import { aRapidpaceApplication, aRecord, enter, queryOf } from '../support/rapidpace';
import { relaunch, steppedUpFor, withGrant } from '../support/relaunch';
import { useApplication, useTestApp } from '../support/use-test-app';

interface AskedStepUp {
  readonly requestId: string;
  readonly code: string;
  readonly links: readonly { readonly url: string }[];
}

describe('step-up by a second launch', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const other = useApplication(app);

  async function ask(session: Awaited<ReturnType<typeof signInPerson>>, act = 'account.export') {
    const { status, body } = await session.post('/v1/me/step-up/requests', { act });
    expect(status).toBe(201);
    return body as AskedStepUp;
  }

  it('lets the second instance do the act, once, and tells the first one', async () => {
    const first = await signInPerson(app, demo);
    const asked = await ask(first);
    expect(asked.code).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(asked.links).toEqual([
      expect.objectContaining({ url: expect.stringContaining(`?startapp=s_${asked.code}`) as string }),
    ]);
    const state = async () =>
      ((await first.get(`/v1/me/step-up/requests/${asked.requestId}`)).body as { state: string }).state;
    expect(await state()).toBe('waiting');

    const second = await relaunch(app, demo, first.person, `s_${asked.code}`);
    expect(second.stepUpAnswer).toEqual({
      act: 'account.export',
      title: 'Export everything that is stored about you',
      grant: expect.stringMatching(/^cs_sg_/) as string,
      expiresIn: 300,
    });
    expect(await state()).toBe('stepped-up');

    const { grant } = second.stepUpAnswer ?? { grant: '' };
    expectProblem(await second.get('/v1/me/export'), 403, 'account.step_up_required');
    expect((await withGrant(second.get('/v1/me/export'), grant)).status).toBe(200);
    expect(await state()).toBe('done');
    expectProblem(await withGrant(second.get('/v1/me/export'), grant), 403, 'account.grant_invalid');
  });

  it('gives nothing to the first session, to another act, or after five minutes', async () => {
    const first = await signInPerson(app, demo);
    const second = await steppedUpFor(app, demo, first, 'account.export');

    expectProblem(await withGrant(first.get('/v1/me/export'), second.grant), 403, 'account.grant_invalid');
    app.clock.advance(299);
    expectProblem(await withGrant(second.post('/v1/me/joins'), second.grant), 403, 'account.grant_invalid');
    app.clock.advance(2);
    expectProblem(await withGrant(second.get('/v1/me/export'), second.grant), 403, 'account.grant_invalid');
  });

  it('does nothing for the launch of another person, another application, or a code that is over', async () => {
    const first = await signInPerson(app, demo);
    const asked = await ask(first);

    expect((await relaunch(app, demo, aPerson(), `s_${asked.code}`)).stepUpAnswer).toBeUndefined();
    expect((await relaunch(app, other, first.person, `s_${asked.code}`)).stepUpAnswer).toBeUndefined();
    expect((await relaunch(app, demo, first.person, 's_nonsense')).stepUpAnswer).toBeUndefined();
    expect((await relaunch(app, demo, first.person, `s_${asked.code}`)).stepUpAnswer).toBeDefined();
    expect((await relaunch(app, demo, first.person, `s_${asked.code}`)).stepUpAnswer).toBeUndefined();

    const late = await ask(first);
    app.clock.advance(601);
    expect((await relaunch(app, demo, first.person, `s_${late.code}`)).stepUpAnswer).toBeUndefined();

    const loggedOut = await signInPerson(app, demo, first.person);
    const { code } = await ask(loggedOut);
    await loggedOut.post('/v1/auth/logout');
    expect((await relaunch(app, demo, first.person, `s_${code}`)).stepUpAnswer).toBeUndefined();
  });

  it.each(['by a bot that is merely allowed', 'by the bot’s token alone'])(
    'leaves the code to its person after a launch %s, whose session cannot do the act',
    async (way) => {
      const optional = await app.createApplication({ bot: { signaturePolicy: 'optional' } });
      const { applicationId } = optional;
      const first = await signInPerson(app, optional);
      const { code } = await ask(first, 'account.join');
      const startParam = `s_${code}`;
      const botToken = aBotToken();
      const [botId = ''] = botToken.split(':', 1);
      const bot = { provider: 'telegram', environment: 'production', botId } as const;
      await app.nest.get(AcceptedBots).allow(applicationId, bot);
      const answer = way.includes('allowed')
        ? await postTo(app, 'telegram/third-party-init-data', {
            ...{ applicationId, botId },
            initData: app.initDataOf({ ...bot, applicationId, botToken }, first.person, { startParam }),
          })
        : await app.postSignIn({
            applicationId,
            initData: app.initDataOf(optional, first.person, { startParam, omitSignature: true }),
          });
      expect(answer.body).toMatchObject({ userId: first.userId, startParam });
      expect(answer.body).not.toHaveProperty('stepUp');

      const second = await relaunch(app, optional, first.person, startParam);
      const { grant = '' } = second.stepUpAnswer ?? {};
      expect((await withGrant(second.post('/v1/me/joins'), grant)).status).toBe(201);
    },
  );

  it('is used once by ten parallel calls', async () => {
    const first = await signInPerson(app, demo);
    const second = await steppedUpFor(app, demo, first, 'account.join');

    const answers = await Promise.all(times(10, () => withGrant(second.post('/v1/me/joins'), second.grant)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(
      await app.database.query('SELECT id FROM joins WHERE asking_session_id = $1', [second.sessionId]),
    ).toHaveLength(1);
  });

  it('knows the acts, and no others', async () => {
    const first = await signInPerson(app, demo);

    expectProblem(
      await first.post('/v1/me/step-up/requests', { act: 'account.rob' }),
      400,
      'account.act_unknown',
    );
    expectProblem(await first.post('/v1/me/step-up/requests', {}), 400, 'request.invalid');
  });
});

describe('rights without a second launch', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('does not count the later use of an old proof as a fresh sign-in', async () => {
    const { applicationId } = demo;
    const person = aPerson();
    const initData = app.initDataOf(demo, person);
    app.clock.advance(301);
    const { body } = await app.postSignIn({ applicationId, initData });
    const { userId, accessToken } = body as { userId: string; accessToken: string };

    const answer = await app.http
      .delete(`/v1/me?confirm=${userId}`)
      .set('authorization', `Bearer ${accessToken}`);

    expectProblem(answer, 403, 'account.step_up_required');
  });
});

describe('step-up in an OpenWeb3 messenger', () => {
  const app = useTestApp({ environment: { OPENWEB3_LINKS: 'https://im.example/' } });
  const demo = useApplication(app);

  it('has links to its named Mini Apps, which carry the code', async () => {
    const named = await app.addBot(demo.applicationId, { provider: 'openweb3', miniAppName: 'play' });
    await app.addOpenWeb3Bot(demo);
    const session = await signInOpenWeb3(app, { ...demo, ...named });
    const { body } = await session.post('/v1/me/step-up/requests', { act: 'account.export' });
    const { code, links } = body as AskedStepUp;
    expect(links.filter(({ url }) => !url.startsWith('https://t.me/'))).toEqual([
      {
        environment: 'production',
        botId: named.botId,
        url: `https://im.example/test_bot/play?startapp=s_${code}`,
      },
    ]);

    const second = await session.launch?.(`s_${code}`);
    expect(second?.body).toMatchObject({ stepUp: { act: 'account.export' } });
  });

  it('is refused at the request where no launch would reach the act', async () => {
    const strict = await app.createApplication({ settings: { accountAssurance: 'platform' } });
    const session = await signInOpenWeb3(app, await app.addOpenWeb3Bot(strict));
    const ask = async (of: PersonSession, act: string) => of.post('/v1/me/step-up/requests', { act });

    for (const act of ['account.link', 'account.erase'])
      expectProblem(await ask(session, act), 403, 'auth.assurance_too_low');
    expect((await ask(session, 'profile.publish')).status).toBe(201);

    const outside = await app.createApplication({ trust: 'third-party' });
    expectProblem(
      await ask(await signInPerson(app, outside), 'account.link'),
      403,
      'account.first_party_only',
    );
    // Who has linked Telegram may open a Mini App of Telegram for what OpenWeb3 does not reach.
    const casino = await aRapidpaceApplication(app);
    const weak = await enter(app, casino.applicationId, queryOf(aRecord(app), casino.secret));
    const byVendor = () =>
      app.http.post('/v1/me/step-up/requests').set('authorization', `Bearer ${weak.accessToken}`);
    expectProblem(await byVendor().send({ act: 'account.export' }), 403, 'auth.assurance_too_low');
    await app.addBot(casino.applicationId);
    expect((await byVendor().send({ act: 'account.export' })).status).toBe(201);
  });
});
