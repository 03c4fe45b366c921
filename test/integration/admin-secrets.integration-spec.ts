import { randomUUID } from 'node:crypto';
import { ApplicationsService } from '@countersign/applications';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { expectProblem } from '../support/expect-problem';
import { INTROSPECT } from '../support/oauth';
import { anOperator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const UNKNOWN = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

describe('secrets and allowed bots in the administration API', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const operator = useFixture(() => anOperator(app));
  const pathOf = (kind: string, applicationId = demo.applicationId): string =>
    `/v1/admin/applications/${applicationId}/${kind}`;
  const introspect = (clientSecret: string) =>
    app.http.post(INTROSPECT).auth(demo.applicationId, clientSecret).type('form').send({ token: 'none' });
  const itemsOf = async (kind: string): Promise<readonly object[]> =>
    ((await operator.get(pathOf(kind))).body as { items: readonly object[] }).items;

  it('client secrets are shown once, and count until they are removed', async () => {
    const added = await operator.post(pathOf('secrets'), { name: 'billing' });
    expect(added.status).toBe(201);
    const { secretId, clientSecret } = added.body as { secretId: string; clientSecret: string };
    expect((await introspect(clientSecret)).status).toBe(200);

    const listed = await operator.get(pathOf('secrets'));
    expect(listed.body).toMatchObject({ items: [{ name: 'first' }, { secretId, name: 'billing' }] });
    expect(listed.text).not.toContain('cs_cs_');

    const { applicationId: another } = await app.createApplication();
    const elsewhere = `/v1/admin/applications/${another}/secrets/${secretId}`;
    expectProblem(await operator.delete(elsewhere), 404, 'client_secret.not_found');
    expect((await introspect(clientSecret)).status).toBe(200);

    expect((await operator.delete(`${pathOf('secrets')}/${secretId}`)).status).toBe(204);
    expect((await introspect(clientSecret)).status).toBe(401);
    for (const id of [secretId, UNKNOWN, 'x'])
      expectProblem(await operator.delete(`${pathOf('secrets')}/${id}`), 404, 'client_secret.not_found');
  });

  it('Rapidpace secrets are added once, and never shown', async () => {
    const secret = 'URGv5f9J4KbAIkod02uLEXfUMEKhDE1s';
    const added = await operator.post(pathOf('rapidpace-secrets'), { secret });
    expect(added.status).toBe(201);
    const { secretId } = added.body as { secretId: string };
    const again = await operator.post(pathOf('rapidpace-secrets'), { secret });
    expect(again.body).toEqual({ secretId });
    const listed = await operator.get(pathOf('rapidpace-secrets'));
    expect(listed.body).toEqual({ items: [{ secretId, createdAt: app.clock.now().toISOString() }] });
    expect(added.text + again.text + listed.text).not.toContain(secret);
    const keys = async () =>
      app.nest
        .get(RapidpaceSecrets)
        .keysOf(await app.nest.get(ApplicationsService).getById(demo.applicationId));
    expect(await keys()).toHaveLength(1);

    expect((await operator.delete(`${pathOf('rapidpace-secrets')}/${secretId}`)).status).toBe(204);
    expect(await keys()).toEqual([]);
    expectProblem(
      await operator.delete(`${pathOf('rapidpace-secrets')}/${secretId}`),
      404,
      'rapidpace.secret_not_found',
    );
  });

  it('bots of others are allowed, listed and disallowed', async () => {
    const path = pathOf('allowed-bots');
    const createdAt = app.clock.now().toISOString();
    const place = { provider: 'telegram', environment: 'production' };
    const allowed = await operator.post(path, { botId: '77' });
    expect({ status: allowed.status, body: allowed.body as unknown }).toEqual({
      status: 201,
      body: { ...place, botId: '77', createdAt },
    });
    app.clock.advance(5);
    expect((await operator.post(path, { botId: '77', ...place })).body).toEqual(allowed.body);
    await operator.post(path, { botId: '78', environment: 'test' });
    expect(await itemsOf('allowed-bots')).toMatchObject([{ botId: '77' }, { botId: '78' }]);

    expect((await operator.delete(`${path}/telegram/production/77`)).status).toBe(204);
    for (const rest of [
      ...['telegram/production/77', 'telegram/production/78', 'openweb3/test/78', 'telegram/test/x'],
      'discord/test/78',
      `telegram/test/${'7'.repeat(90)}`,
    ])
      expectProblem(await operator.delete(`${path}/${rest}`), 404, 'bot.not_listed');
    const ofUnknown = `/v1/admin/applications/${randomUUID()}/allowed-bots/telegram/production`;
    for (const botId of ['78', 'x'])
      expectProblem(await operator.delete(`${ofUnknown}/${botId}`), 404, 'application.not_found');
    expect(await itemsOf('allowed-bots')).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['secrets', {}, 'request.invalid'],
    ['secrets', { name: ' ' }, 'request.invalid'],
    ['secrets', { name: 'x', clientSecret: 'mine' }, 'request.unknown_field'],
    ['rapidpace-secrets', { secret: 'short' }, 'rapidpace.invalid_secret'],
    ['allowed-bots', { botId: '077' }, 'request.invalid'],
    ['allowed-bots', { botId: '77', provider: 'openweb3' }, 'request.invalid'],
  ])('%s are refused for %j', async (kind, body, code) => {
    const before = await itemsOf(kind);
    expectProblem(await operator.post(pathOf(kind), body), 400, code);
    expect(await itemsOf(kind)).toEqual(before);
  });

  it.each<[string, object]>([
    ['secrets', { name: 'x' }],
    ['rapidpace-secrets', { secret: 'x'.repeat(20) }],
    ['allowed-bots', { botId: '77' }],
  ])('%s are those of an application', async (kind, body) => {
    for (const id of [UNKNOWN, 'x']) {
      expectProblem(await operator.get(pathOf(kind, id)), 404, 'application.not_found');
      expectProblem(await operator.post(pathOf(kind, id), body), 404, 'application.not_found');
    }
  });
});
