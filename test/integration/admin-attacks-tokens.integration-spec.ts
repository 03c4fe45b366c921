import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { AdminUpkeep, PrincipalsService } from '@countersign/admin';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const GRANT = {
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
};
const ISSUER = 'http://localhost:3000';
const pair = generateKeyPairSync('ed25519');
const key = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'EdDSA' };

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('client assertions', () => {
  const app = useTestApp();

  const aPrincipal = async (keys: readonly object[] = [key]): Promise<string> => {
    const wanted = { name: randomUUID(), kind: 'machine', scopes: ['users:read'], keys } as const;
    return (await app.nest.get(PrincipalsService).create(wanted, null)).principal.id;
  };
  const claimsOf = (id: string, change: object = {}): object => ({
    iss: id,
    sub: id,
    aud: ISSUER,
    jti: randomUUID(),
    exp: app.clock.now().getTime() / 1_000 + 60,
    ...change,
  });
  const signed = (claims: unknown, header: object = {}): string => {
    const text = `${part({ alg: 'EdDSA', kid: 'one', ...header })}.${part(claims)}`;
    return `${text}.${sign(null, Buffer.from(text), pair.privateKey).toString('base64url')}`;
  };
  const present = (assertion: string, form: object = {}) =>
    app.admin
      .post('/v1/admin/token')
      .type('form')
      .send({ ...GRANT, ...form, client_assertion: assertion });

  it.each<[string, object]>([
    ['an end beyond all dates', { exp: 1e300 }],
    ['an end beyond what a date can say', { exp: 8_640_000_000_001 }],
    ['an end as text', { exp: '9999999999' }],
    ['an end as a list', { exp: [9_999_999_999] }],
    ['no end', { exp: null }],
    ['a number as jti', { jti: 5 }],
    ['an object as jti', { jti: { length: 3 } }],
    ['null as jti', { jti: null }],
    ['lists of itself', { iss: ['x'], sub: ['x'] }],
    ['an object as audience', { aud: { [ISSUER]: true } }],
    ['an audience that only begins right', { aud: `${ISSUER}.example.com` }],
    ['the audience of another route', { aud: `${ISSUER}/v1/oauth/introspect` }],
    ['a start in the future', { nbf: 99_999_999_999 }],
  ])('are refused with %s', async (_name, change) => {
    const answer = await present(signed(claimsOf(await aPrincipal(), change)));
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({
      status: 401,
      body: { code: 'principal.invalid_client' },
    });
  });

  it.each<[string, (id: string) => string]>([
    ['no algorithm', (id) => `${part({ alg: 'none' })}.${part(claimsOf(id))}.`],
    [
      'the public key as a shared secret',
      (id) => {
        const text = `${part({ alg: 'HS256', kid: 'one' })}.${part(claimsOf(id))}`;
        const pem = pair.publicKey.export({ format: 'pem', type: 'spki' });
        return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
      },
    ],
    ['a key in its header', (id) => signed(claimsOf(id), { jwk: key, kid: 'two' })],
    ['an extension that is not known', (id) => signed(claimsOf(id), { crit: ['x'], x: 1 })],
    ['another name of the algorithm', (id) => signed(claimsOf(id), { alg: 'ES256' })],
    ['a payload that is no object', () => signed('[]')],
    ['a payload that is no JSON', () => signed('{')],
    ['names that objects inherit', () => signed('{"__proto__":{"sub":"x"},"constructor":1}')],
    ['60 kB', (id) => signed(claimsOf(id, { padding: 'x'.repeat(30_000), exp: 0 }))],
    ['five parts', (id) => `${signed(claimsOf(id))}.a.b`],
  ])('are refused with %s', async (_name, make) => {
    const answer = await present(make(await aPrincipal()));
    expect(answer.status).toBe(401);
  });

  it('are refused for another principal, also under a key with the same name', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const victim = await aPrincipal([{ ...other, kid: 'one', alg: 'EdDSA' }]);
    const own = await aPrincipal();

    for (const change of [{ sub: victim }, { sub: victim, iss: victim }, { iss: victim }])
      expect((await present(signed(claimsOf(own, change)))).status).toBe(401);
  });

  it('share no jti with those of another principal', async () => {
    const [first, second] = [await aPrincipal(), await aPrincipal()];
    for (const id of [first, second])
      expect((await present(signed(claimsOf(id, { jti: 'same' })))).status).toBe(200);
    for (const id of [first, second])
      expect((await present(signed(claimsOf(id, { jti: 'same' })))).status).toBe(401);
  });

  it('are accepted once until they end, and not after', async () => {
    const id = await aPrincipal();
    const assertion = signed(claimsOf(id));
    expect((await present(assertion)).status).toBe(200);
    for (const seconds of [59, 30, 1, 600]) {
      app.clock.advance(seconds);
      await app.nest.get(AdminUpkeep).run();
      expect((await present(assertion)).status).toBe(401);
    }
    expect(await app.database.query('SELECT 1 FROM principal_assertions')).toEqual([]);
  });

  it('are accepted by the name of their own kind only, and beside no secret', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const id = await aPrincipal();
    const assertion = signed(claimsOf(id));
    const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
    for (const form of [
      { client_assertion_type: saml },
      { client_assertion_type: '' },
      { client_id: principalId, client_secret: clientSecret },
    ])
      expect((await present(assertion, form)).status).toBe(401);

    expect((await present(assertion)).status).toBe(200);
  });

  it('and tokens are deleted when they have expired, however many there are', async () => {
    const { principalId, get } = await anOperator(app);
    await app.database.query(
      `INSERT INTO principal_tokens (digest, principal_id, scopes, expires_at)
       SELECT sha256(number::text::bytea), $1, '{}', $2 FROM generate_series(1, 1001) AS number`,
      [principalId, app.clock.now()],
    );
    await app.nest.get(AdminUpkeep).run();

    const left = await app.database.query('SELECT 1 FROM principal_tokens WHERE expires_at <= $1', [
      app.clock.now(),
    ]);
    expect(left).toEqual([]);
    await get('/v1/admin/me').expect(200);
  });

  it('leave no token behind when their key is removed, and keep them beside a new one', async () => {
    const id = await aPrincipal();
    const operator = await anOperator(app);
    const answer = await present(signed(claimsOf(id)));
    const { access_token: token } = answer.body as { access_token: string };
    const ask = async () =>
      (await app.admin.get('/v1/admin/me').set('authorization', `Bearer ${token}`)).status;
    const path = `/v1/admin/principals/${id}`;

    const { alg, kid, ...rest } = key;
    const same = { kid, ...rest, alg };
    await operator.patch(path, { keys: [{ ...key, kid: 'two' }, same] }, '*').expect(200);
    expect(await ask()).toBe(200);

    await operator.patch(path, { keys: [{ ...key, kid: 'two' }] }, '*').expect(200);
    expect(await ask()).toBe(401);
  });

  it('or secrets get no token for a principal that is being disabled, which would last until it is active again', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const held = await app.database.hold('SELECT 1');
    await held.run(`UPDATE principals SET status = 'disabled' WHERE id = $1`, [principalId]);
    const asking = Promise.resolve(
      app.admin
        .post('/v1/admin/token')
        .auth(principalId, clientSecret)
        .type('form')
        .send({ grant_type: 'client_credentials' }),
    );
    // Either it waits for the change, or it has been answered without.
    const isAnswered = asking.then(() => true);
    await Promise.race([isAnswered, until(() => app.isWaitingFor('FROM principals'))]);
    await held.commit();

    expect((await asking).status).toBe(401);
  });
});
