import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type request from 'supertest';
import { SignJWT } from 'jose';
import { allScopes, type Scope } from '@countersign/admin';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator, tokenOf } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

interface Secret {
  readonly secretId: string;
  readonly clientSecret: string;
}

interface Created {
  readonly principal: { readonly principalId: string };
  readonly secret: Secret;
}

const pair = generateKeyPairSync('ed25519');
const key = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'EdDSA' };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const app = useTestApp();

describe('secrets and keys of principals', () => {
  const pathOf = (principalId: string): string => `/v1/admin/principals/${principalId}`;
  const create = async (wanted: object = {}): Promise<Created> => {
    const operator = await anOperator(app);
    const body = { name: randomUUID(), kind: 'machine', scopes: ['users:read'] as Scope[], ...wanted };
    return (await operator.post('/v1/admin/principals', body).expect(201)).body as Created;
  };
  const askToken = (principalId: string, secret: string): request.Test =>
    app.admin
      .post('/v1/admin/token')
      .auth(principalId, secret)
      .type('form')
      .send({ grant_type: 'client_credentials' });
  const askByAssertion = async (principalId: string): Promise<string> => {
    const exp = app.clock.now().getTime() / 1_000 + 60;
    const claims = {
      iss: principalId,
      sub: principalId,
      aud: 'http://localhost:3000',
      jti: randomUUID(),
      exp,
    };
    const assertion = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one' })
      .sign(pair.privateKey);
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
    };
    const { body } = await app.admin.post('/v1/admin/token').type('form').send(form).expect(200);
    return (body as { access_token: string }).access_token;
  };
  const statusOf = async (token: string): Promise<number> =>
    (await app.admin.get('/v1/admin/me').set('authorization', `Bearer ${token}`)).status;

  it('are ten secrets at most', async () => {
    const { principalId, post } = await anOperator(app);
    const path = `${pathOf(principalId)}/secrets`;
    for (const name of times(9, String)) await post(path, { name }).expect(201);

    expectProblem(await post(path, { name: 'one more' }), 409, 'principal.too_many_secrets');
    expectProblem(
      await post('/v1/admin/me/secrets', { name: 'one more' }),
      409,
      'principal.too_many_secrets',
    );
  });

  it('are removed by the path of their own principal only', async () => {
    const operator = await anOperator(app);
    const other = await create();
    const { secretId, clientSecret } = other.secret;
    const token = await tokenOf(app, other.principal.principalId, clientSecret);

    for (const path of [`${pathOf(operator.principalId)}/secrets`, '/v1/admin/me/secrets'])
      expectProblem(await operator.delete(`${path}/${secretId}`), 404, 'principal.secret_not_found');
    expect(await statusOf(token)).toBe(200);
    await askToken(other.principal.principalId, clientSecret).expect(200);
  });

  it('count until the instant at which they expire', async () => {
    const { principalId, post, clientSecret: first } = await anOperator(app);
    const expiresAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
    const added = await post('/v1/admin/me/secrets', { name: 'for a minute', expiresAt }).expect(201);
    const { clientSecret } = added.body as Secret;

    app.clock.advance(59);
    await askToken(principalId, clientSecret).expect(200);
    app.clock.advance(1);
    expect((await askToken(principalId, clientSecret)).body).toMatchObject({ error: 'invalid_client' });
    await askToken(principalId, first).expect(200);
  });

  it('are for the first hour of a person, and for any time of a machine', async () => {
    const person = await create({ kind: 'person' });
    const machine = await create();
    app.clock.advance(3_600);

    await askToken(person.principal.principalId, person.secret.clientSecret).expect(401);
    await askToken(machine.principal.principalId, machine.secret.clientSecret).expect(200);
  });

  it('give new tokens when their principal is active again, and do not revive the old ones', async () => {
    const operator = await anOperator(app);
    const { principal, secret } = await create();
    const path = pathOf(principal.principalId);
    const token = await tokenOf(app, principal.principalId, secret.clientSecret);
    await operator.patch(path, { status: 'disabled' }, '*').expect(200);
    await operator.patch(path, { status: 'active' }, '*').expect(200);

    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(await tokenOf(app, principal.principalId, secret.clientSecret))).toBe(200);
  });

  it('end with a removed key the tokens for assertions, and none for a secret', async () => {
    const operator = await anOperator(app);
    const { principal } = await create({ keys: [key] });
    const { principalId } = principal;
    const added = await operator.post(`${pathOf(principalId)}/secrets`, { name: 'beside keys' }).expect(201);
    const bySecret = await tokenOf(app, principalId, (added.body as Secret).clientSecret);
    const byAssertion = await askByAssertion(principalId);
    await operator.patch(pathOf(principalId), { keys: [] }, '*').expect(200);

    expect(await statusOf(byAssertion)).toBe(401);
    expect(await statusOf(bySecret)).toBe(200);
  });

  it('are in the record of the tokens that they were used for', async () => {
    const { principal } = await create({ keys: [key] });
    await askByAssertion(principal.principalId);

    const records = await app.database.query(
      `SELECT actor, details FROM audit_records WHERE subject = $1 AND action = 'principal.authenticated'`,
      [principal.principalId],
    );
    expect(records).toEqual([{ actor: `principal:${principal.principalId}`, details: { by: 'assertion' } }]);
  });

  it.each<[string, readonly object[]]>([
    ['two with one kid', [key, { ...key, x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }]],
    ['more than ten', times(11, (index) => ({ ...key, kid: `${index}` }))],
    [
      'an RSA key of less than 2048 bits',
      [
        {
          ...generateKeyPairSync('rsa', { modulusLength: 1_536 }).publicKey.export({ format: 'jwk' }),
          kid: 'one',
          alg: 'PS256',
        },
      ],
    ],
  ])('are no keys when they are %s', async (_name, keys) => {
    const operator = await anOperator(app);
    const wanted = { name: randomUUID(), kind: 'machine', scopes: [], keys };
    expectProblem(await operator.post('/v1/admin/principals', wanted), 400, 'request.invalid');
    const changed = operator.patch(pathOf(operator.principalId), { keys }, '*');
    expectProblem(await changed, 400, 'request.invalid');
  });
});

describe('a principal', () => {
  it('keeps its own name in a change, and gets no name of another one', async () => {
    const operator = await anOperator(app, allScopes);
    const other = await anOperator(app, []);
    const path = `/v1/admin/principals/${other.principalId}`;
    const nameOf = async (of: string): Promise<string> =>
      ((await operator.get(of).expect(200)).body as { name: string }).name;
    const name = await nameOf(path);
    const taken = await nameOf(`/v1/admin/principals/${operator.principalId}`);

    await operator.patch(path, { name, scopes: ['users:read'] }, '*').expect(200);
    expectProblem(await operator.patch(path, { name: taken }, '*'), 409, 'principal.name_taken');
  });
});
