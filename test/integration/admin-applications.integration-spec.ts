import { aPerson } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const ROOT = '/v1/admin/applications';

interface Shown {
  readonly applicationId: string;
  readonly name: string;
  readonly settings: object;
  readonly effectiveSettings: object;
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
    const wanted = { name: 'Casino', trust: 'third-party', origins: ['https://casino.example'] };
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

  it('get and lose single origins, also by two operators at the same time', async () => {
    const { applicationId } = await app.createApplication({ settings: { origins: ['https://a.example'] } });
    const path = `${ROOT}/${applicationId}`;
    const added = ['https://b.example', 'https://c.example'];

    const answers = await Promise.all(
      added.map((origin) => operator.patch(path, { addOrigins: [origin, 'https://a.example'] })),
    );
    const { body } = await operator.patch(path, {
      removeOrigins: ['https://a.example', 'https://unknown.example'],
    });

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect([...(body as { settings: { origins: string[] } }).settings.origins].sort()).toEqual(added);
    const records = await auditOf(app, { applicationId, action: 'application.changed' });
    expect(records.slice(-3).map(({ details }) => details)).toEqual(Array(3).fill({ settings: 'origins' }));
  });

  it.each<[string, unknown, string, string]>([
    ['an origin with a path', { addOrigins: ['https://a.example/'] }, 'request.invalid', 'settings.origins'],
    ['an origin that is no text', { removeOrigins: [1] }, 'request.invalid', 'removeOrigins'],
    ['no object', [], 'request.invalid', ''],
    ['an unknown field', { trust: 'third-party' }, 'request.unknown_field', 'trust'],
    ['a name that is blank', { name: '  ' }, 'request.invalid', 'name'],
    ['an unknown setting', { settings: { unheardOf: 1 } }, 'request.unknown_field', 'settings.unheardOf'],
    [
      'a nested value out of bounds',
      { settings: { session: { accessIdle: 1 } } },
      'request.invalid',
      'settings.session.accessIdle',
    ],
  ])('are not changed by %s', async (_name, patch, code, path) => {
    const { applicationId, settings } = await create();
    const answer = await operator.patch(`${ROOT}/${applicationId}`, patch as object);

    expectProblem(answer, 400, code);
    const { errors = [{ path: 'none' }] } = answer.body as { errors?: { path: string }[] };
    expect(errors.map((error) => error.path)).toEqual([path]);
    expect((await operator.get(`${ROOT}/${applicationId}`)).body).toMatchObject({ settings });
  });

  it('are changed beside settings and presets of features that are not in use, which may be removed alone', async () => {
    const { applicationId } = await create();
    const gone = { toys: { enabled: true }, presets: ['mini-app', 'toys'] };
    await app.database.query('UPDATE applications SET settings = $2 WHERE id = $1', [applicationId, gone]);
    const patch = (settings: object) => operator.patch(`${ROOT}/${applicationId}`, { settings });

    const changed = await patch({ origins: ['https://shop.example'] });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ settings: { ...gone, origins: ['https://shop.example'] } });
    expectProblem(await patch({ toys: { enabled: false } }), 400, 'request.unknown_field');
    expectProblem(await patch({ presets: ['mini-app', 'other'] }), 400, 'request.invalid');
    const removed = await patch({ toys: null, presets: ['mini-app'] });
    expect(removed.body).toMatchObject({ settings: { presets: ['mini-app'] } });
    expect((removed.body as Shown).settings).not.toHaveProperty('toys');
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
});
