import { randomUUID } from 'node:crypto';
import { StartLinks } from '@countersign/applications';
import { aBotToken } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const ROOT = '/v1/admin/bots';

interface Shown {
  readonly id: string;
  readonly botId: string;
  readonly applicationId: string;
  readonly signaturePolicy: string;
  readonly updatedAt: string;
}

describe('bots in the administration API', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const operator = useFixture(() => anOperator(app));

  const anApplication = async (): Promise<string> =>
    (await app.applications.create({ name: 'Bots', trust: 'first-party', origins: [] })).applicationId;
  const add = async (applicationId: string, wanted: object = {}): Promise<Shown & Demo> => {
    const token = aBotToken();
    const answer = await operator.post(ROOT, { applicationId, username: '@game_bot', token, ...wanted });
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 201 });
    return { botToken: token, ...(answer.body as Shown) };
  };

  it('are added, and people sign in with them at once, also at other replicas', async () => {
    const applicationId = await anApplication();
    await replica.applications.getById(applicationId);
    const bot = await add(applicationId);

    const { botToken, ...shown } = bot;
    expect(shown).toEqual({
      id: expect.any(String) as string,
      applicationId,
      provider: 'telegram',
      environment: 'production',
      botId: botToken.split(':')[0],
      username: 'game_bot',
      miniAppName: null,
      status: 'active',
      signaturePolicy: 'required',
      priorTokenExpiresAt: null,
      hasOidcSecret: false,
      createdAt: app.clock.now().toISOString(),
      updatedAt: app.clock.now().toISOString(),
    });
    const read = await operator.get(`${ROOT}/${bot.id}`);
    expect(read.body).toEqual(shown);
    await app.catchUp();
    expect((await replica.signIn(bot)).assurance).toBe('platform');
  });

  it('are changed without a trace of their secrets', async () => {
    const bot = await add(await anApplication());
    const path = `${ROOT}/${bot.id}`;
    const oidcClientSecret = 'a-secret-of-web-login';

    const changed = await operator.patch(path, { username: 'other_bot', oidcClientSecret });
    expect(changed.body).toMatchObject({ username: 'other_bot', hasOidcSecret: true, status: 'active' });
    expect(changed.text).not.toContain(oidcClientSecret);
    expect((await operator.patch(path, { oidcClientSecret: `${oidcClientSecret}2` })).status).toBe(200);
    const without = await operator.patch(path, { oidcClientSecret: null });
    expect(without.body).toMatchObject({ hasOidcSecret: false });

    const records = await auditOf(app, { applicationId: bot.applicationId, action: 'bot.changed' });
    expect(records.map(({ details }) => details['oidcClientSecret'])).toEqual([
      'replaced',
      'replaced',
      'removed',
    ]);
    expect(JSON.stringify(records)).not.toContain('other_bot');
  });

  it('have the short name of a Mini App, which links of the application contain', async () => {
    const applicationId = await anApplication();
    const links = async () => app.nest.get(StartLinks).of(applicationId, 'x_1');
    const bot = await add(applicationId, { miniAppName: 'play_1' });
    const path = `${ROOT}/${bot.id}`;
    const { botId } = bot;
    const start = 'https://t.me/game_bot?start=x_1';
    expect((await operator.get(path)).body).toMatchObject({ miniAppName: 'play_1' });
    expect(await links()).toEqual([{ botId, startapp: 'https://t.me/game_bot/play_1?startapp=x_1', start }]);

    const without = await operator.patch(path, { miniAppName: null });
    expect(without.body).toMatchObject({ miniAppName: null });
    expect(await links()).toEqual([{ botId, startapp: 'https://t.me/game_bot?startapp=x_1', start }]);
    const [record] = await auditOf(app, { applicationId, action: 'bot.changed' });
    expect(record).toMatchObject({ details: { miniAppName: 'removed' } });

    await add(applicationId, { environment: 'test' });
    await operator.post(ROOT, {
      applicationId,
      provider: 'openweb3',
      username: 'other_bot',
      token: aBotToken(),
    });
    expect(await links()).toHaveLength(1);
    for (const status of ['disabled', 'compromised']) {
      await operator.patch(path, { status }).expect(200);
      expect(await links()).toEqual([]);
    }
    await expect(app.nest.get(StartLinks).of(applicationId, 'x&y=1')).rejects.toThrow(TypeError);
  });

  it('get another token, with an overlap', async () => {
    const bot = await add(await anApplication(), { signaturePolicy: 'optional' });
    const [path, token] = [`${ROOT}/${bot.id}`, aBotToken(bot.botId)];
    const overlapUntil = new Date(app.clock.now().getTime() + 60_000).toISOString();

    const rotated = await operator.post(`${path}/rotate`, { token, overlapUntil });
    expect({ status: rotated.status, body: rotated.body as unknown }).toMatchObject({
      status: 200,
      body: { id: bot.id, priorTokenExpiresAt: overlapUntil },
    });
    expect(rotated.body).toEqual((await operator.get(path)).body);
    await app.signIn(bot);
    await app.signIn({ ...bot, botToken: token });
    const compromised = await operator.patch(path, { status: 'compromised' });
    expect(compromised.body).toMatchObject({ status: 'compromised', priorTokenExpiresAt: null });
    const late = await operator.post(`${path}/rotate`, { token: aBotToken(bot.botId), overlapUntil });
    expectProblem(late, 409, 'bot.overlap_refused');
    expect((await operator.post(`${path}/rotate`, { token: aBotToken(bot.botId) })).status).toBe(200);
  });

  it.each<[string, object, number, string]>([
    ['an unknown application', { applicationId: randomUUID() }, 404, 'application.not_found'],
    ['a username that is none', { username: 'a b' }, 400, 'request.invalid'],
    ['a token that is none', { token: '0:x' }, 400, 'bot.invalid_token'],
  ])('are not added with %s', async (_name, change, status, code) => {
    const wanted = { applicationId: await anApplication(), username: 'x_bot', token: aBotToken() };
    expectProblem(await operator.post(ROOT, { ...wanted, ...change }), status, code);
  });

  it('are added once, with a token of their own', async () => {
    const applicationId = await anApplication();
    const { botToken } = await add(applicationId);
    const wanted = { applicationId, username: 'x_bot', token: botToken };
    expectProblem(await operator.post(ROOT, wanted), 409, 'bot.already_exists');
    const elsewhere = { ...wanted, environment: 'test' };
    expectProblem(await operator.post(ROOT, elsewhere), 409, 'bot.token_in_use');
  });

  it.each<[string, object, string]>([
    ['an unknown status', { status: 'sleeping' }, 'request.invalid'],
    ['a token', { token: '1:x' }, 'request.unknown_field'],
    ['a username that is none', { username: 'a b' }, 'request.invalid'],
    ['a short name that no Mini App has', { miniAppName: 'x/y' }, 'request.invalid'],
    ['a short secret', { oidcClientSecret: 'short' }, 'request.invalid'],
  ])('are not changed by %s', async (_name, patch, code) => {
    const { id, updatedAt } = await add(await anApplication());
    expectProblem(await operator.patch(`${ROOT}/${id}`, patch), 400, code);
    expect((await operator.get(`${ROOT}/${id}`)).body).toMatchObject({ updatedAt });
  });

  it('are removed', async () => {
    const bot = await add(await anApplication());
    expect((await operator.delete(`${ROOT}/${bot.id}`)).status).toBe(204);
    const body = { applicationId: bot.applicationId, initData: app.initDataOf(bot) };
    expectProblem(await app.postSignIn(body), 404, 'bot.not_found');
    for (const id of [bot.id, randomUUID(), 'x', bot.botId]) {
      expectProblem(await operator.get(`${ROOT}/${id}`), 404, 'bot.not_found');
      expectProblem(await operator.patch(`${ROOT}/${id}`, {}), 404, 'bot.not_found');
      expectProblem(await operator.delete(`${ROOT}/${id}`), 404, 'bot.not_found');
      const rotation = { token: aBotToken() };
      expectProblem(await operator.post(`${ROOT}/${id}/rotate`, rotation), 404, 'bot.not_found');
    }
  });
});
