import { randomUUID } from 'node:crypto';
import type request from 'supertest';
import { scopesInUse } from '@countersign/admin';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator, tokenOf } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

interface Secret {
  readonly secretId: string;
  readonly clientSecret: string;
  readonly expiresAt: string;
}

interface Created {
  readonly principal: { readonly principalId: string };
  readonly secret: Secret;
}

const app = useTestApp();

describe('secrets of principals', () => {
  const pathOf = (principalId: string): string => `/v1/admin/principals/${principalId}`;
  const create = async (wanted: object = {}): Promise<Created> => {
    const operator = await anOperator(app);
    const body = { name: randomUUID(), scopes: ['users:read'] as string[], ...wanted };
    return (await operator.post('/v1/admin/principals', body).expect(201)).body as Created;
  };
  const askToken = (principalId: string, secret: string): request.Test =>
    app.admin
      .post('/v1/admin/token')
      .auth(principalId, secret)
      .type('form')
      .send({ grant_type: 'client_credentials' });
  const statusOf = async (token: string): Promise<number> =>
    (await app.admin.get('/v1/admin/me').set('authorization', `Bearer ${token}`)).status;

  it('are ten secrets at most', async () => {
    const { principalId, post } = await anOperator(app);
    const path = `${pathOf(principalId)}/secrets`;
    for (const name of times(9, String)) await post(path, { name }).expect(201);

    expectProblem(await post(path, { name: 'one more' }), 409, 'principal.too_many_secrets');
  });

  it('are removed by the path of their own principal only', async () => {
    const operator = await anOperator(app);
    const other = await create();
    const { secretId, clientSecret } = other.secret;
    const token = await tokenOf(app, other.principal.principalId, clientSecret);

    const path = `${pathOf(operator.principalId)}/secrets/${secretId}`;
    expectProblem(await operator.delete(path), 404, 'principal.secret_not_found');
    expect(await statusOf(token)).toBe(200);
    await askToken(other.principal.principalId, clientSecret).expect(200);
  });

  it('count until the instant at which they expire', async () => {
    const { principalId, post, clientSecret: first } = await anOperator(app);
    const expiresAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
    const added = await post(`${pathOf(principalId)}/secrets`, { name: 'for a minute', expiresAt }).expect(
      201,
    );
    const { clientSecret } = added.body as Secret;

    app.clock.advance(59);
    await askToken(principalId, clientSecret).expect(200);
    app.clock.advance(1);
    expect((await askToken(principalId, clientSecret)).body).toMatchObject({ error: 'invalid_client' });
    await askToken(principalId, first).expect(200);
  });

  it('expire after 90 days by default, and within a year in any case', async () => {
    const operator = await anOperator(app);
    const { principal, secret } = await create();
    const inDays = (days: number): string =>
      new Date(app.clock.now().getTime() + days * 86_400_000).toISOString();
    expect(secret.expiresAt).toBe(inDays(90));

    const path = `${pathOf(principal.principalId)}/secrets`;
    await operator.post(path, { name: 'a year', expiresAt: inDays(366) }).expect(201);
    const longer = operator.post(path, { name: 'longer', expiresAt: inDays(366.001) });
    expectProblem(await longer, 400, 'request.invalid');
  });

  it('give new tokens when their principal is active again, and do not revive the old ones', async () => {
    const operator = await anOperator(app);
    const { principal, secret } = await create();
    const path = pathOf(principal.principalId);
    const token = await tokenOf(app, principal.principalId, secret.clientSecret);
    await operator.patch(path, { status: 'disabled' }).expect(200);
    await operator.patch(path, { status: 'active' }).expect(200);

    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(await tokenOf(app, principal.principalId, secret.clientSecret))).toBe(200);
  });
});

describe('a principal', () => {
  it('keeps its own name in a change, and gets no name of another one', async () => {
    const operator = await anOperator(app, scopesInUse.names);
    const other = await anOperator(app, []);
    const path = `/v1/admin/principals/${other.principalId}`;
    const nameOf = async (of: string): Promise<string> =>
      ((await operator.get(of).expect(200)).body as { name: string }).name;
    const name = await nameOf(path);
    const taken = await nameOf(`/v1/admin/principals/${operator.principalId}`);

    await operator.patch(path, { name, scopes: ['users:read'] }).expect(200);
    expectProblem(await operator.patch(path, { name: taken }), 409, 'principal.name_taken');
  });
});
