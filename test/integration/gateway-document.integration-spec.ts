import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'supertest';
import { operationsOf, type Operation } from '../../apps/api/src/openapi/operations';
import { inlined } from '../support/inlined-document';
import { useApplication, useTestApp } from '../support/use-test-app';

const AUTHORIZE = '/v1/gateway/authorize';
/** Headers that HTTP itself asks for. */
const OF_HTTP = ['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'cache-control'];

const documentOf = (port: string): OpenAPIObject =>
  inlined(JSON.parse(readFileSync(`docs/openapi/${port}.json`, 'utf8')) as OpenAPIObject);
const document = documentOf('gateway');

type Answered = Exclude<Operation['responses'][string], { $ref: string } | undefined>;

describe('the OpenAPI document of the gateway’s port', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const check = (query = '') => app.gateway.get(`${AUTHORIZE}${query}`);
  let authorization: string;

  beforeAll(async () => {
    const { applicationId } = demo;
    await app.applications.changeSettings(applicationId, { scopes: ['orders:read'] });
    authorization = `Bearer ${(await app.signIn(demo)).accessToken}`;
  });

  const operation = (): Operation => {
    const found = operationsOf(document).find(({ operationId }) => operationId === 'authorizeRequest');
    if (!found) throw new Error('the check is not documented');
    return found;
  };

  function responseTo(status: number): Answered {
    const response = operation().responses[status];
    if (!response) throw new Error(`the check documents no ${status}`);
    return response as Answered;
  }

  it('has the routes of the port, and no other', async () => {
    for (const path of Object.keys(document.paths))
      expect({ path, isServed: (await app.gateway.get(path)).status !== 404 }).toEqual({
        path,
        isServed: true,
      });
    for (const path of Object.keys(documentOf('public').paths).filter((each) => !(each in document.paths)))
      expect({ path, status: (await app.gateway.get(path)).status }).toEqual({ path, status: 404 });
  });

  it.each<[string, () => PromiseLike<Response>, number]>([
    ['a good token', () => check().set({ authorization }), 200],
    [
      'all questions',
      () => check('?scope=orders:read&assurance=platform').set({ authorization, dpop: 'x' }),
      200,
    ],
    ['a WebSocket', () => check().set({ authorization, 'sec-websocket-protocol': 'orders.v1' }), 200],
    ['no token', () => check(), 401],
    ['a bad token', () => check().set('authorization', 'Bearer junk').set('dpop', 'junk'), 401],
    ['a scope that is not granted', () => check('?scope=orders:write').set({ authorization }), 403],
    ['an audience that is not granted', () => check('?audience=shop').set({ authorization }), 403],
    ['a question that is not known', () => check('?scopes=x').set({ authorization }), 400],
  ])('says how %s is answered', async (_, ask, status) => {
    const answer = await ask();
    const { code } = answer.body as { code?: string };
    const listed = Object.keys(responseTo(status).headers ?? {}).map((name) => name.toLowerCase());

    expect(answer.status).toBe(status);
    expect(listed).toEqual(
      expect.arrayContaining(Object.keys(answer.headers).filter((name) => !OF_HTTP.includes(name))),
    );
    if (status === 200)
      expect(Object.keys(answer.headers)).toEqual(
        expect.arrayContaining(listed.filter((name) => name !== 'sec-websocket-protocol')),
      );
    else expect(operation()['x-error-codes']).toContain(code);
  });
});
