import { statementsOf } from '../support/statement-count';
import { randomUUID } from 'node:crypto';
import { type PrincipalsService, PrincipalsService as Principals } from '@countersign/admin';
import { ExpiryUpkeep } from '@countersign/database';
import { expectProblem } from '../support/expect-problem';
import { anOperator, tokenOf } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

type Created = Awaited<ReturnType<PrincipalsService['create']>>;

describe('the administration API', () => {
  const app = useTestApp();
  let count = 0;

  const create = (wanted: object = {}): Promise<Created> => {
    count += 1;
    return app.nest
      .get(Principals)
      .create({ name: `principal ${count}`, scopes: ['users:read'], ...wanted }, null);
  };
  const askToken = (form: object) => app.admin.post('/v1/admin/token').type('form').send(form);
  const grant = { grant_type: 'client_credentials' };

  describe('tokens', () => {
    it('are issued for a secret, by Basic and in the form', async () => {
      const { principal, secret } = await create({ scopes: ['users:read', 'sessions:end'] });
      const clientSecret = secret.clientSecret;

      const byBasic = await askToken(grant).auth(principal.id, clientSecret);
      expect(byBasic.status).toBe(200);
      expect(byBasic.headers['cache-control']).toBe('no-store');
      expect(byBasic.body).toEqual({
        access_token: expect.stringMatching(/^cs_pt_/) as string,
        token_type: 'Bearer',
        expires_in: 1_800,
        scope: 'users:read sessions:end',
      });
      const inForm = await askToken({
        ...grant,
        client_id: principal.id,
        client_secret: clientSecret,
        scope: 'sessions:end',
      });
      expect(inForm.body).toMatchObject({ scope: 'sessions:end' });
      const [used] = await app.nest.get(Principals).listSecrets(principal.id);
      expect(used?.lastUsedAt).toEqual(app.clock.now());
    });

    it.each<[string, (id: string, secret: string) => object, number, string, string]>([
      [
        'another grant type',
        () => ({ grant_type: 'password' }),
        400,
        'principal.unsupported_grant_type',
        'unsupported_grant_type',
      ],
      ['no credentials', () => grant, 401, 'principal.invalid_client', 'invalid_client'],
      [
        'a wrong secret',
        (id) => ({ ...grant, client_id: id, client_secret: `cs_ps_${'x'.repeat(43)}` }),
        401,
        'principal.invalid_client',
        'invalid_client',
      ],
      [
        'another id',
        (_id, secret) => ({ ...grant, client_id: randomUUID(), client_secret: secret }),
        401,
        'principal.invalid_client',
        'invalid_client',
      ],
      [
        'a scope that it has not',
        (id, secret) => ({ ...grant, client_id: id, client_secret: secret, scope: 'users:erase' }),
        400,
        'principal.invalid_scope',
        'invalid_scope',
      ],
    ])('are refused for %s', async (_name, formOf, status, code, error) => {
      const { principal, secret } = await create();
      const answer = await askToken(formOf(principal.id, secret.clientSecret));

      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ code, error });
    });

    it('are refused for two ways at once', async () => {
      const { principal, secret } = await create();
      const form = { ...grant, client_id: principal.id, client_secret: secret.clientSecret };
      const answer = await askToken(form).auth(principal.id, secret.clientSecret);

      expect(answer.body).toMatchObject({ code: 'principal.invalid_client', error: 'invalid_client' });
    });

    it('expire, and end with their secret, with their principal, and when it is disabled', async () => {
      const principals = app.nest.get(Principals);
      const ofToken = (token: string) =>
        app.admin.get('/v1/admin/me').set('authorization', `Bearer ${token}`);
      const tokens: string[] = [];
      const made = [await create(), await create(), await create(), await create()];
      for (const { principal, secret } of made)
        tokens.push(await tokenOf(app, principal.id, secret.clientSecret));
      const [first, second, third, fourth] = made;
      const [ofFirst = '', ofSecond = '', ofThird = '', ofFourth = ''] = tokens;
      for (const token of tokens) expect((await ofToken(token)).status).toBe(200);

      await principals.removeSecret(first?.principal.id ?? '', first?.secret.secretId ?? '', null);
      await principals.remove(second?.principal.id ?? '', null);
      await principals.update(third?.principal.id ?? '', { status: 'disabled' }, null);
      for (const token of [ofFirst, ofSecond, ofThird])
        expectProblem(await ofToken(token), 401, 'principal.unauthenticated');
      expect((await ofToken(ofFourth)).status).toBe(200);
      const disabled = {
        ...grant,
        client_id: third?.principal.id,
        client_secret: third?.secret.clientSecret,
      };
      expect((await askToken(disabled)).body).toMatchObject({ error: 'invalid_client' });
      expect(fourth?.principal.status).toBe('active');

      app.clock.advance(1_801);
      expectProblem(await ofToken(ofFourth), 401, 'principal.unauthenticated');
      expect(await app.nest.get(ExpiryUpkeep).run()).toBeGreaterThan(0);
    });
  });

  describe('principals', () => {
    it('are created, read, listed, changed and removed', async () => {
      const operator = await anOperator(app);
      const wanted = { name: `desk ${randomUUID()}`, scopes: ['users:read'] };
      const created = await operator.post('/v1/admin/principals', wanted);
      expect(created.status).toBe(201);
      const { principal } = created.body as { principal: { principalId: string } };
      const path = `/v1/admin/principals/${principal.principalId}`;
      expectProblem(await operator.post('/v1/admin/principals', wanted), 409, 'principal.name_taken');

      const read = await operator.get(path);
      expect(read.body).toEqual(principal);
      const changed = await operator.patch(path, { scopes: ['users:read', 'audit:read'] });
      expect(changed.body).toMatchObject({ scopes: ['users:read', 'audit:read'] });
      expect((await operator.patch(path, { status: 'disabled' })).status).toBe(200);

      expect((await operator.delete(path)).status).toBe(204);
      expectProblem(await operator.get(path), 404, 'principal.not_found');
      const records = await app.database.query(
        `SELECT action, actor FROM audit_records WHERE subject = $1 ORDER BY occurred_at, id`,
        [principal.principalId],
      );
      const actor = `principal:${operator.principalId}`;
      expect(records).toEqual(
        ['created', 'changed', 'changed', 'removed'].map((verb) => ({ action: `principal.${verb}`, actor })),
      );
    });

    it('grant at most their own scopes, and change no principal that has more', async () => {
      const weak = await anOperator(app, ['principals:write', 'principals:read', 'users:read']);
      const strong = await create({ scopes: ['users:read', 'users:reveal'] });
      const path = `/v1/admin/principals/${strong.principal.id}`;
      const code = 'principal.exceeds_own_scopes';

      const wanted = { name: 'too strong', scopes: ['users:erase'] };
      expectProblem(await weak.post('/v1/admin/principals', wanted), 403, code);
      expectProblem(await weak.patch(path, { status: 'disabled' }), 403, code);
      expectProblem(await weak.patch(path, { name: 'mine' }), 403, code);
      expectProblem(await weak.post(`${path}/secrets`, { name: 'mine now' }), 403, code);
      expectProblem(await weak.delete(path), 403, code);
      const own = `/v1/admin/principals/${weak.principalId}`;
      expectProblem(await weak.patch(own, { scopes: ['principals:write', 'users:reveal'] }), 403, code);
    });
  });

  it('ends a token with the secret that it was obtained with', async () => {
    const operator = await anOperator(app);
    const expiresAt = new Date(app.clock.now().getTime() + 600_000).toISOString();
    const added = await operator.post(`/v1/admin/principals/${operator.principalId}/secrets`, {
      name: 'for ten minutes',
      expiresAt,
    });
    const { clientSecret } = added.body as { clientSecret: string };
    app.clock.advance(60);
    const { body } = await app.admin
      .post('/v1/admin/token')
      .auth(operator.principalId, clientSecret)
      .type('form')
      .send({ grant_type: 'client_credentials' })
      .expect(200);
    const { access_token: token, expires_in: expiresIn } = body as {
      access_token: string;
      expires_in: number;
    };
    expect(expiresIn).toBe(540);
    const ask = () => app.admin.get('/v1/admin/me').set('authorization', `Bearer ${token}`);

    app.clock.advance(539);
    await ask().expect(200);
    app.clock.advance(1);
    expectProblem(await ask(), 401, 'principal.unauthenticated');
    await operator.get('/v1/admin/me').expect(200);
  });

  it.each([
    ['a short secret', 'cs_ps_x'],
    ['one with another prefix', `cs_xx_${'x'.repeat(43)}`],
    ['one with other characters', `cs_ps_${'é'.repeat(43)}`],
    ['a long one', `cs_ps_${'x'.repeat(44)}`],
  ])('refuses %s without a statement', async (_title, secret) => {
    const { principalId } = await anOperator(app);
    let status = 0;
    const statements = await statementsOf(app, async () => {
      const asked = { grant_type: 'client_credentials', client_id: principalId, client_secret: secret };
      ({ status } = await app.admin.post('/v1/admin/token').type('form').send(asked));
    });
    expect(status).toBe(401);
    expect(statements).toEqual([]);
  });
});

describe('the last administrator', () => {
  const app = useTestApp();

  it('remains, when many calls at once remove principals', async () => {
    const operators = await Promise.all([anOperator(app), anOperator(app), anOperator(app)]);
    const [first] = operators;
    const calls = operators.flatMap(({ principalId }, place) =>
      Array.from({ length: 8 }, (_, turn) => {
        const caller = operators[(place + turn) % operators.length] ?? first;
        const path = `/v1/admin/principals/${principalId}`;
        return turn % 2 ? caller.delete(path) : caller.patch(path, { status: 'disabled' });
      }),
    );
    await Promise.all(calls);

    const left = await app.database.query(
      `SELECT id FROM principals WHERE status = 'active' AND 'principals:write' = ANY(scopes)`,
    );
    expect(left).toHaveLength(1);
  });
});
