import { randomUUID } from 'node:crypto';
import { aPerson } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const ROOT = '/v1/admin/applications';

interface Shown {
  readonly applicationId: string;
  readonly name: string;
  readonly settings: object;
  readonly effectiveSettings: object;
}
interface Page {
  readonly items: readonly Shown[];
  readonly nextCursor: string | null;
}

describe('applications in the administration API', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const operator = useFixture(() => anOperator(app));

  const create = async (wanted: object = {}): Promise<Shown> => {
    const answer = await operator.post(ROOT, { name: 'Shop', ...wanted });
    expect(answer.status).toBe(201);
    return (answer.body as { application: Shown }).application;
  };

  it('are created with a secret that their servers authenticate with, and read', async () => {
    const wanted = { name: '  Casino ', trust: 'third-party', origins: ['https://casino.example'] };
    const answer = await operator.post(ROOT, wanted);

    expect(answer.status).toBe(201);
    const { application, secret } = answer.body as {
      application: Shown;
      secret: { secretId: string; clientSecret: string };
    };
    expect(application).toMatchObject({
      name: 'Casino',
      trust: 'third-party',
      settings: { origins: ['https://casino.example'] },
      effectiveSettings: { initDataMaxAge: 86_400, origins: ['https://casino.example'] },
    });
    const path = `${ROOT}/${application.applicationId}`;
    const read = await operator.get(path);
    expect(read.body).toEqual(application);
    expect(read.text).not.toContain(secret.clientSecret);
    const listed = await operator.get(`${path}/secrets`);
    expect(listed.body).toEqual({
      items: [{ secretId: secret.secretId, name: 'first', createdAt: expect.any(String) as string }],
    });
    const asked = await app.http
      .post('/v1/oauth/introspect')
      .auth(application.applicationId, secret.clientSecret)
      .type('form')
      .send({ token: 'none' });
    expect(asked.body).toEqual({ active: false });
  });

  it('are created once for an idempotency key', async () => {
    const key = randomUUID();
    const send = () => operator.post(ROOT, { name: 'Once' }).set('idempotency-key', `"${key}"`);
    const first = await send();
    const second = await send();

    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  it('are changed by a merge patch, also in the memory of other replicas', async () => {
    const demo = await app.createApplication({ settings: { initDataMaxAge: 600 } });
    const path = `${ROOT}/${demo.applicationId}`;
    expect((await replica.applications.getById(demo.applicationId)).name).toBe('Test');

    const patch = { name: 'Game', settings: { initDataMaxAge: null, session: { accessIdle: 120 } } };
    const changed = await operator.patch(path, patch);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      name: 'Game',
      settings: { loginWidget: { accept: true }, session: { accessIdle: 120 } },
      effectiveSettings: { initDataMaxAge: 86_400, session: { accessIdle: 120, accessAbsolute: 43_200 } },
    });
    expect((changed.body as Shown).settings).not.toHaveProperty('initDataMaxAge');
    const read = await operator.get(path);
    expect(read.body).toEqual(changed.body);

    await app.catchUp();
    expect(await replica.applications.getById(demo.applicationId)).toMatchObject({
      name: 'Game',
      settings: { initDataMaxAge: 86_400 },
    });
    await app.signIn(demo, aPerson());
    const [record] = (
      await auditOf(app, { applicationId: demo.applicationId, action: 'application.changed' })
    ).slice(-1);
    expect(record).toMatchObject({
      actor: `principal:${operator.principalId}`,
      details: { name: 'replaced', settings: 'initDataMaxAge session' },
    });
  });

  it.each<[string, unknown, string, string]>([
    ['no object', [], 'request.invalid', ''],
    ['an unknown field', { trust: 'third-party' }, 'request.unknown_field', 'trust'],
    ['a name that is blank', { name: '  ' }, 'application.invalid', 'none'],
    ['a name of another type', { name: 1 }, 'request.invalid', 'name'],
    ['a long name', { name: 'x'.repeat(201) }, 'request.invalid', 'name'],
    ['a control character', { name: 'a\nb' }, 'request.invalid', 'name'],
    ['settings that are null', { settings: null }, 'request.invalid', 'settings'],
    ['settings that are a list', { settings: [] }, 'request.invalid', 'settings'],
    ['an unknown setting', { settings: { unheardOf: 1 } }, 'request.unknown_field', 'settings.unheardOf'],
    ['a removed unknown one', { settings: { orgins: null } }, 'request.unknown_field', 'settings.orgins'],
    [
      'a nested value out of bounds',
      { settings: { session: { accessIdle: 1 } } },
      'request.invalid',
      'settings.session.accessIdle',
    ],
    [
      'a redirect URL that is none',
      { settings: { redirectUrls: ['javascript:1'] } },
      'request.invalid',
      'settings.redirectUrls',
    ],
    ['1101 values', { settings: { scopes: Array(1_101).fill('x') } }, 'request.invalid', ''],
  ])('are not changed by %s', async (_name, patch, code, path) => {
    const { applicationId, settings } = await create();
    const answer = await operator.patch(`${ROOT}/${applicationId}`, patch as object);

    expectProblem(answer, 400, code);
    const { errors = [{ path: 'none' }] } = answer.body as { errors?: { path: string }[] };
    expect(errors.map((error) => error.path)).toEqual([path]);
    expect((await operator.get(`${ROOT}/${applicationId}`)).body).toMatchObject({ settings });
  });

  it('take no inherited names', async () => {
    const { applicationId } = await create();
    const patch = (body: string) =>
      app.admin
        .patch(`${ROOT}/${applicationId}`)
        .set('authorization', `Bearer ${operator.accessToken}`)

        .set('content-type', 'application/merge-patch+json')
        .send(body);
    for (const body of [
      '{"settings":{"__proto__":{"origins":[]}}}',
      '{"settings":{"constructor":null}}',
      '{"__proto__":{"name":"x"}}',
    ])
      expectProblem(await patch(body), 400, 'request.unknown_field');
    expect((await patch('{"name":"Merged"}')).body).toMatchObject({ name: 'Merged' });
  });

  it.each<[string, object, string]>([
    ['no name', {}, 'request.invalid'],
    ['a blank name', { name: ' ' }, 'application.invalid'],
    ['another trust', { name: 'X', trust: 'root' }, 'request.invalid'],
    ['an origin with a path', { name: 'X', origins: ['https://example.com/x'] }, 'request.invalid'],
    ['settings', { name: 'X', settings: {} }, 'request.unknown_field'],
  ])('are not created with %s', async (_name, wanted, code) => {
    expectProblem(await operator.post(ROOT, wanted), 400, code);
  });

  it('are listed newest first, in pages that survive inserts', async () => {
    for (let index = 0; index < 5; index += 1) await create({ trust: 'third-party', name: `T${index}` });
    const first = (await operator.get(`${ROOT}?trust=third-party&limit=2`)).body as Page;
    await create({ trust: 'third-party' });
    await create();
    const rest = (
      await operator.get(`${ROOT}?trust=third-party&limit=200&cursor=${String(first.nextCursor)}`)
    ).body as Page;

    const ids = [...first.items, ...rest.items].map(({ applicationId }) => applicationId);
    expect(ids).toEqual(ids.toSorted().reverse());
    expect(first.items.map(({ name }) => name)).toEqual(['T4', 'T3']);
    expect(rest.items.slice(0, 3).map(({ name }) => name)).toEqual(['T2', 'T1', 'T0']);
    expect(Object.keys(first.items[0] ?? {})).not.toContain('settings');

    const cursor = String(first.nextCursor);
    for (const query of [`cursor=${cursor}`, `trust=first-party&cursor=${cursor}`, 'trust=root', 'x=1'])
      expectProblem(
        await operator.get(`${ROOT}?${query}`),
        400,
        query === 'x=1' ? 'request.unknown_field' : 'request.invalid',
      );
  });

  it('are not there under other ids', async () => {
    for (const id of [randomUUID(), 'x', '..%2f', '%27']) {
      expectProblem(await operator.get(`${ROOT}/${id}`), 404, 'application.not_found');
      expectProblem(await operator.patch(`${ROOT}/${id}`, {}), 404, 'application.not_found');
    }
  });

  it('need their scopes', async () => {
    const { applicationId } = await create();
    const path = `${ROOT}/${applicationId}`;
    const reader = await anOperator(app, ['applications:read']);
    const stranger = await anOperator(app, ['users:read', 'applications:write', 'secrets:write']);
    const refused = [
      ...[ROOT, path, `${path}/secrets`, `${path}/rapidpace-secrets`].map((url) => stranger.get(url)),
      stranger.get(`${path}/allowed-bots`),
      reader.post(ROOT, { name: 'X' }),
      reader.patch(path, { name: 'X' }),
      ...secretCalls(reader, path),
      stranger.post(`${path}/allowed-bots`, { botId: '1' }),
    ];
    for (const answer of await Promise.all(refused)) expectProblem(answer, 403, 'principal.scope_missing');
    expect((await reader.get(path)).status).toBe(200);
  });
});

function secretCalls(operator: Operator, path: string) {
  return [
    operator.post(`${path}/secrets`, { name: 'x' }),
    operator.delete(`${path}/secrets/${randomUUID()}`),
    operator.post(`${path}/rapidpace-secrets`, { secret: 'x'.repeat(20) }),
    operator.delete(`${path}/rapidpace-secrets/${randomUUID()}`),
    operator.post(`${path}/allowed-bots`, { botId: '1' }),
    operator.delete(`${path}/allowed-bots/telegram/production/1`),
  ];
}
