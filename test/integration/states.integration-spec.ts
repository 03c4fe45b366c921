import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const PLACE = { provider: 'telegram', environment: 'production' } as const;

describe('who and what may sign in', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  async function countRows(): Promise<object> {
    const [row] = await app.database.query<object>(
      `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM identities) AS identities,
              (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM proofs) AS proofs`,
    );
    return row ?? {};
  }

  it('does not ask where all but one are disabled, and says so of one that is named', async () => {
    const several = await app.createApplication();
    const second = { ...several, ...(await app.addBot(several.applicationId)) };
    const { applicationId } = several;
    const attempts = ({ botId }: { botId?: string } = {}) => ({
      initData: () =>
        app.postSignIn({ applicationId, initData: app.initDataOf(several), ...(botId && { botId }) }),
      widget: () =>
        postTo(app, 'telegram/login-widget', {
          applicationId,
          data: loginOf(app, several, aPerson()),
          ...(botId && { botId }),
        }),
    });
    for (const attempt of Object.values(attempts())) expectProblem(await attempt(), 400, 'bot.ambiguous');

    await app.bots.change({ ...PLACE, botId: second.botId }, { status: 'disabled' });
    for (const attempt of Object.values(attempts())) expect((await attempt()).status).toBe(200);
    for (const attempt of Object.values(attempts(second)))
      expectProblem(await attempt(), 403, 'bot.disabled');

    await app.bots.change({ ...PLACE, botId: several.botId }, { status: 'disabled' });
    for (const attempt of Object.values(attempts())) expectProblem(await attempt(), 403, 'bot.disabled');

    await app.bots.change({ ...PLACE, botId: several.botId }, { status: 'active' });
    await app.bots.change({ ...PLACE, botId: second.botId }, { status: 'compromised' });
    for (const attempt of Object.values(attempts())) expectProblem(await attempt(), 400, 'bot.ambiguous');
  });

  it('does not ask for the bot of another provider', async () => {
    const { applicationId, ...bot } = await app.createApplication();
    const im = { applicationId, ...(await app.addBot(applicationId, { provider: 'openweb3' })) };
    const initData = openWeb3InitDataOf(app, im, aPerson());
    await app.bots.change({ ...PLACE, botId: bot.botId }, { status: 'disabled' });

    expect((await postTo(app, 'openweb3/init-data', { applicationId, initData })).status).toBe(200);
    expectProblem(
      await app.postSignIn({ applicationId, initData: app.initDataOf({ applicationId, ...bot }) }),
      403,
      'bot.disabled',
    );
  });

  it('writes nothing for a new person whose init data a foreign web page shows', async () => {
    const own = await app.createApplication({
      origins: ['https://app.example.com'],
      settings: { perRequestInitData: { accept: true } },
    });
    const getMeFrom = (origin: string) =>
      app.http.get('/v1/me').set({
        authorization: `tma ${app.initDataOf(own)}`,
        'x-countersign-application': own.applicationId,
        origin,
      });
    const before = await inventoryOf(app);

    for (const origin of ['https://evil.example', 'https://app.example.com.evil.example', 'null'])
      expectProblem(await getMeFrom(origin), 403, 'request.origin_not_allowed');

    expect(await inventoryOf(app)).toEqual(before);
    expect((await getMeFrom('https://app.example.com')).status).toBe(200);
  });

  it('refuses a deactivated user everywhere, writes nothing, and lets them back after', async () => {
    const person = aPerson();
    const session = await app.signIn(demo, person);
    await app.accounts.setStatus(session.userId, 'deactivated');
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
    const before = await countRows();

    expectProblem(await app.postSignIn(body), 403, 'user.deactivated');
    expectProblem(await app.getMe(session.accessToken), 401, 'session.ended');
    expectProblem(await app.refresh(session.refreshToken), 401, 'session.ended');
    expect(await countRows()).toEqual(before);

    await app.accounts.setStatus(session.userId, 'active');
    expect((await app.postSignIn(body)).status).toBe(200);
  });

  it('asks for both signatures unless the bot says that one is enough', async () => {
    const lenient = await app.createApplication({ bot: { signaturePolicy: 'optional' } });
    const unsigned = { omitSignature: true };

    const strict = await app.postSignIn({
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, aPerson(), unsigned),
    });
    const accepted = await app.postSignIn({
      applicationId: lenient.applicationId,
      initData: app.initDataOf(lenient, aPerson(), unsigned),
    });

    expectProblem(strict, 401, 'init_data.signature_missing');
    expect((accepted.body as SignInBody).assurance).toBe('bot-token');
  });

  it('takes for a third-party application only what Telegram itself has signed', async () => {
    const { applicationId, ...bot } = await app.createApplication({
      trust: 'third-party',
      bot: { signaturePolicy: 'optional' },
    });
    const signIn = (launch: object): ReturnType<TestApp['postSignIn']> =>
      app.postSignIn({
        applicationId,
        initData: app.initDataOf({ applicationId, ...bot }, aPerson(), launch),
      });

    expectProblem(await signIn({ omitSignature: true }), 403, 'auth.assurance_too_low');
    expect((await signIn({})).status).toBe(200);
  });

  it('stores the profile fields that the application needs and no others, and follows their changes', async () => {
    const person = aPerson({ last_name: 'Kibenko', username: 'vdkfrost', photo_url: 'https://t.me/i/1.svg' });
    const session = await app.signIn(demo, person);

    expect(((await app.getMe(session.accessToken)).body as { profile: object }).profile).toEqual({
      firstName: person.first_name,
      lastName: 'Kibenko',
      username: 'vdkfrost',
      photoUrl: null,
      languageCode: null,
    });
    const [stored] = await app.database.query<{ stored_fields: string[]; updated_at: Date; xmin: string }>(
      'SELECT stored_fields, updated_at, xmin::text FROM identities WHERE user_id = $1',
      [session.userId],
    );
    expect(stored?.stored_fields).toEqual(['firstName', 'lastName', 'username']);

    app.clock.advance(60);
    await app.signIn(demo, person);
    const [unchanged] = await app.database.query<object>(
      'SELECT stored_fields, updated_at, xmin::text FROM identities WHERE user_id = $1',
      [session.userId],
    );
    expect(unchanged).toEqual(stored);

    const { username: _, ...renamed } = { ...person, first_name: 'Владислав' };
    const again = await app.signIn(demo, renamed);
    expect(((await app.getMe(again.accessToken)).body as { profile: object }).profile).toMatchObject({
      firstName: 'Владислав',
      username: null,
    });
  });
});
