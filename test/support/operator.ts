import type request from 'supertest';
import { scopesInUse, PrincipalsService } from '@countersign/admin';
import type { TestApp } from './test-app';

/** A principal of the administration API, with a token. */
export interface Operator {
  readonly principalId: string;
  readonly clientSecret: string;
  readonly accessToken: string;
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  patch(path: string, body: object): request.Test;
  delete(path: string): request.Test;
}

let count = 0;

/** @param scopes all of them by default */
export async function anOperator(
  app: TestApp,
  scopes: readonly string[] = scopesInUse.names,
): Promise<Operator> {
  count += 1;
  const { principal, secret } = await app.nest
    .get(PrincipalsService)
    .create({ name: `operator-${count}-${Date.now()}`, scopes }, null);
  return operatorOf(app, principal.id, secret.clientSecret);
}

/** A principal that exists, with a new token. */
async function operatorOf(app: TestApp, principalId: string, clientSecret: string): Promise<Operator> {
  const accessToken = await tokenOf(app, principalId, clientSecret);
  const authorized = (test: request.Test): request.Test => test.set('authorization', `Bearer ${accessToken}`);
  return {
    principalId,
    clientSecret,
    accessToken,
    get: (path) => authorized(app.admin.get(path)),
    post: (path, body) => {
      const test = authorized(app.admin.post(path));
      return body === undefined ? test : test.send(body);
    },
    patch: (path, body) => authorized(app.admin.patch(path)).send(body),
    delete: (path) => authorized(app.admin.delete(path)),
  };
}

export async function tokenOf(
  app: TestApp,
  principalId: string,
  clientSecret: string,
  scope?: string,
): Promise<string> {
  const answer = await app.admin
    .post('/v1/admin/token')
    .auth(principalId, clientSecret)
    .type('form')
    .send({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  if (answer.status !== 200) throw new Error(`the token: ${answer.status} ${JSON.stringify(answer.body)}`);
  return (answer.body as { access_token: string }).access_token;
}
