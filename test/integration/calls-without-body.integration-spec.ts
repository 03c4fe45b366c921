import type { Response } from 'supertest';
import type { Operation } from '../../apps/api/src/openapi/operations';
import { expectProblem } from '../support/expect-problem';
import { committedDocument, namedOperations } from '../support/inlined-document';
import { credentialsOf, MetaproClient } from '../support/metapro-client';
import { createClient } from '../support/openid';
import { anOperator, type Operator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { aRequest, sendRaw } from '../support/raw-http';
import { aTeam } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const JSON_TYPE = 'application/json';
const ON = { public: 'http', admin: 'admin', gateway: 'gateway' } as const;

type Method = 'get' | 'post' | 'put' | 'delete';
type Document = keyof typeof ON;

interface Call {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

/** Operations of a document without a request body. */
function callsOf(document: Document): readonly Call[] {
  return namedOperations(committedDocument(document))
    .filter(([, { requestBody }]) => requestBody === undefined)
    .map(([name, operation]) => {
      const [method = '', path = ''] = name.split(' ');
      return { method: method.toLowerCase() as Method, path, operation };
    });
}

describe('a call that takes no body', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { metapro: { enabled: true } } });
  let operator: Operator;

  beforeAll(async () => {
    operator = await anOperator(app);
  });

  /** By a person who signed in just now, or by an operator. Calls without a credential get none. */
  async function send(
    document: Document,
    { method, path, operation: { security = [] } }: Call,
    body?: string,
    type = JSON_TYPE,
  ): Promise<Response> {
    const session = await signInPerson(app, demo);
    // The members of a team are checked before their input.
    const { teamId } = path.includes('{teamId}') ? await aTeam(session) : { teamId: ID };
    const target = path.replace('{teamId}', teamId).replaceAll(/\{.+?\}/g, ID);
    const { accessToken } = document === 'admin' ? operator : session;
    const test = app[ON[document]][method](target).redirects(0).set('accept', 'application/json');
    if (security.length > 0) void test.set('authorization', `Bearer ${accessToken}`);
    if (body === undefined) return test;
    return test
      .set('content-type', type)
      .serialize((sent: unknown) => sent as string)
      .send(body);
  }

  const toldOf = ({ operation }: Call, { status, body }: Response): object => ({
    operation: operation.operationId,
    status,
    code: (body as { code?: string }).code,
  });

  it.each([
    ['public', 60],
    ['admin', 70],
  ] as const)('refuses fields, in each operation of the document %s', async (document, least) => {
    const calls = callsOf(document);
    const answers: object[] = [];
    for (const call of calls) answers.push(toldOf(call, await send(document, call, '{"unexpected":1}')));

    expect(answers).toEqual(
      calls.map(({ operation: { operationId: operation } }) => ({
        operation,
        status: 400,
        code: 'request.unknown_field',
      })),
    );
    expect(calls.length).toBeGreaterThan(least);
  });

  it.each(['public', 'admin'] as const)(
    'answers a body without content like none, in each operation of the document %s',
    async (document) => {
      const bodies = ['', '{}', 'null', '[]', '""'];
      for (const [index, call] of callsOf(document).entries()) {
        const bare = await send(document, call);
        const answer = await send(document, call, bodies[index % bodies.length]);

        expect(toldOf(call, answer)).toEqual(toldOf(call, bare));
      }
    },
  );

  it.each([
    ['a list', '[1]', 400, 'request.invalid'],
    ['a text', '"text"', 400, 'request.invalid'],
    ['a number', '0', 400, 'request.invalid'],
    ['no JSON', '{', 400, 'request.malformed_json'],
    ['too much', `"${'a'.repeat(64 * 1024)}"`, 413, 'request.too_large'],
  ])('refuses %s, also with GET', async (_name, body, status, code) => {
    const { accessToken } = await app.signIn(demo);
    for (const [method, path] of [
      ['get', '/v1/me'],
      ['post', '/v1/auth/logout'],
      ['delete', '/v1/me/sessions'],
      ['get', '/health/ready'],
    ] as const) {
      const answer = await app.http[method](path)
        .set({ authorization: `Bearer ${accessToken}`, 'content-type': JSON_TYPE })
        .serialize((sent: unknown) => sent as string)
        .send(body);

      expectProblem(answer, status, code);
    }
    expect((await app.getMe(accessToken)).status).toBe(200);
  });

  it('judges no media type where there is no content', async () => {
    const { accessToken } = await app.signIn(demo);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', JSON_TYPE, 'garbage'])
      expect((await app.getMe(accessToken).set('content-type', type)).status).toBe(200);
  });

  it('checks its caller first', async () => {
    for (const [method, path, on] of [
      ['get', '/v1/me', 'http'],
      ['delete', '/v1/me', 'http'],
      ['post', '/v1/auth/logout', 'http'],
      ['get', '/v1/admin/users', 'admin'],
    ] as const) {
      const authorization = 'Bearer cs_at_unknown';
      const answer = await app[on][method](path).set({ authorization }).send({ unexpected: 1 });

      expect(answer.status).toBe(401);
    }
  });

  it('has no effect where it is refused', async () => {
    const { clientId, clientSecret } = await createClient(app, demo, {});
    const path = `/v1/admin/applications/${demo.applicationId}/openid-clients/${clientId}`;

    const refused = await operator.post(`${path}/rotate-secret`, { clientSecret });
    const removed = await operator.delete(path).send({ force: true });

    expectProblem(refused, 400, 'request.unknown_field', [{ path: 'clientSecret', code: 'unknown_field' }]);
    expectProblem(removed, 400, 'request.unknown_field', [{ path: 'force', code: 'unknown_field' }]);
    expect((await operator.get(path)).status).toBe(200);
  });

  it('leaves the connection to the calls that follow', async () => {
    const { accessToken } = await app.signIn(demo);
    const headers = [`Authorization: Bearer ${accessToken}`, `Content-Type: ${JSON_TYPE}`];
    const first = ['GET /v1/me HTTP/1.1', 'Host: localhost', ...headers, 'Content-Length: 2', '', '{}'];

    const { text } = await sendRaw(app.port, first.join('\r\n') + aRequest('GET /v1/me', ...headers));

    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it('is another one on the port of the gateway, and for clients of other services', async () => {
    const body = { unexpected: 1 };

    expect((await app.gateway.get('/health/ready').send(body)).status).toBe(200);
    expect((await app.gateway.get('/.well-known/jwks.json').send(body)).status).toBe(200);
    expect((await app.gateway.post('/v1/gateway/authorize').send(body)).status).toBe(401);
    expect((await app.http.get('/.well-known/openid-configuration').send(body)).status).toBe(200);
    const client = new MetaproClient(app);
    const login = await client.logIn(demo);
    expect((await client.me(credentialsOf(login)).send(body)).status).toBe(200);
  });
});
