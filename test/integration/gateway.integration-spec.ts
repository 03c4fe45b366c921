import { METHODS } from 'node:http';
import type { Response } from 'supertest';
import { expectProblem } from '../support/expect-problem';
import { aRequest, sendRaw } from '../support/raw-http';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const PATH = '/v1/gateway/authorize';

/** Every method that node:http can read; a CONNECT asks a proxy. */
const methods = METHODS.filter((method) => method !== 'CONNECT');

/** Headers of an answer that node:http writes itself. */
const OF_THE_CONNECTION = ['date', 'connection', 'keep-alive'];

describe('the gateway check', () => {
  const app = useTestApp();
  const shop = useApplication(app, { settings: { scopes: ['orders:read'], audiences: ['orders'] } });
  const session = useFixture(() => app.signIn(shop));

  const identity = () => ({
    'x-user-id': session.userId,
    'x-session-id': session.sessionId,
    'x-application-id': shop.applicationId,
    'x-assurance': 'platform',
  });

  it.each(methods)('says who is behind a %s, with an empty body', async (method) => {
    const request = aRequest(`${method} ${PATH}`, `Authorization: Bearer ${session.accessToken}`);
    const { status, headers, body } = await sendRaw(app.gatewayPort, request);

    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(headers).toMatchObject(identity());
  });

  it.each(methods)('refuses a %s without a token', async (method) => {
    const { status, headers, body } = await sendRaw(app.gatewayPort, aRequest(`${method} ${PATH}`));

    expect({ status, code: headers['x-problem-code'] }).toEqual({
      status: 401,
      code: 'session.token_missing',
    });
    expect(headers).not.toHaveProperty('x-user-id');
    if (method === 'HEAD') expect(body).toBe('');
    else expect(body).toMatchObject({ status: 401, code: 'session.token_missing' });
  });

  it('refuses a CONNECT, whoever asks', async () => {
    const request = aRequest('CONNECT example.com:443', `Authorization: Bearer ${session.accessToken}`);
    const { status, headers } = await sendRaw(app.gatewayPort, request);

    expect(status).toBe(400);
    expect(headers).not.toHaveProperty('x-user-id');
  });

  it('answers these headers and no others', async () => {
    const { headers } = await app.check(session.accessToken).set('x-request-id', 'request-1');

    expect(namesOf(headers)).toEqual([
      'cache-control',
      'content-length',
      'x-application-id',
      'x-assurance',
      'x-identity-token',
      'x-request-id',
      'x-session-id',
      'x-user-id',
    ]);
    expect(headers).toMatchObject({
      ...identity(),
      'cache-control': 'no-store',
      'content-length': '0',
      'x-request-id': 'request-1',
    });
  });

  it('gives every answer a request id: that of the gateway where it is sane', async () => {
    const idOf = async (presented: string) =>
      (await app.check('junk').set('x-request-id', presented)).headers['x-request-id'];

    expect(await idOf('edge-1.a_B')).toBe('edge-1.a_B');
    for (const unsafe of ['a b', '<b>', 'a'.repeat(101), '../x']) {
      const id = await idOf(unsafe);
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('believes nothing of what a client says of itself', async () => {
    const other = await app.signIn(shop);
    const lies = {
      'x-user-id': other.userId,
      'x-session-id': other.sessionId,
      'x-application-id': '00000000-0000-0000-0000-000000000000',
      'x-identity-token': 'e30.e30.e30',
      'x-forwarded-for': '127.0.0.1',
      forwarded: 'for=127.0.0.1;host=countersign',
      'x-original-url': `${PATH}?audience=orders`,
      'x-http-method-override': 'DELETE',
      cookie: `access_token=${other.accessToken}`,
    };

    expect((await app.check(session.accessToken).set(lies)).headers).toMatchObject(identity());
    expectProblem(await app.gateway.get(PATH).set(lies), 401, 'session.token_missing');
  });

  describe('refuses with a problem that a gateway can hand on:', () => {
    const bearer = 'Bearer realm="countersign"';

    it.each<[string, number, string | undefined, (token: string) => PromiseLike<Response>]>([
      ['session.token_missing', 401, bearer, () => app.gateway.get(PATH)],
      ['session.token_invalid', 401, `${bearer}, error="invalid_token"`, () => app.check('junk')],
      [
        'dpop.session_not_bound',
        401,
        'DPoP error="invalid_token", algs="ES256 Ed25519 EdDSA PS256 RS256"',
        (token) => app.gateway.get(PATH).set('authorization', `DPoP ${token}`),
      ],
      [
        'gateway.scope_not_granted',
        403,
        `${bearer}, error="insufficient_scope"`,
        (token) => app.check(token, '?scope=orders:write'),
      ],
      [
        'gateway.audience_not_granted',
        403,
        `${bearer}, error="insufficient_scope"`,
        (token) => app.check(token, '?audience=billing'),
      ],
      ['gateway.question_invalid', 400, undefined, (token) => app.check(token, '?scopes=orders:read')],
    ])('%s', async (code, status, challenge, ask) => {
      const answer = await ask(session.accessToken);

      expectProblem(answer, status, code);
      expect(answer.headers['www-authenticate']).toBe(challenge);
      expect(answer.headers).toMatchObject({ 'x-problem-code': code, 'cache-control': 'no-store' });
      expect(namesOf(answer.headers)).toEqual(
        [
          'cache-control',
          'content-length',
          'content-type',
          ...(challenge === undefined ? [] : ['www-authenticate']),
          'x-problem-code',
          'x-request-id',
        ].sort(),
      );
    });
  });

  it.each<[string, (token: string) => string]>([
    ['no scheme', (token) => token],
    ['two blanks', (token) => `Bearer  ${token}`],
    ['a tab', (token) => `Bearer\t${token}`],
    ['something behind it', (token) => `Bearer ${token} x`],
    ['a list', (token) => `Bearer ${token}, Bearer ${token}`],
    ['a parameter', (token) => `Bearer token="${token}"`],
    ['another scheme', (token) => `Token ${token}`],
    ['Basic', (token) => `Basic ${Buffer.from(`${token}:`).toString('base64')}`],
  ])('refuses a token with %s', async (_, write) => {
    const answer = await app.gateway.get(PATH).set('authorization', write(session.accessToken));

    expect(answer.status).toBe(401);
    expect(answer.headers).not.toHaveProperty('x-user-id');
  });

  it('reads the scheme in any case', async () => {
    const answer = await app.gateway.get(PATH).set('authorization', `bEARER ${session.accessToken}`);

    expect(answer.status).toBe(200);
  });

  it('takes no token from a URL or a body', async () => {
    expectProblem(
      await app.gateway.get(`${PATH}?access_token=${session.accessToken}`),
      400,
      'gateway.question_invalid',
    );
    expectProblem(
      await app.gateway.post(PATH).type('form').send({ access_token: session.accessToken }),
      401,
      'session.token_missing',
    );
  });
});

function namesOf(headers: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(headers)
    .filter((name) => !OF_THE_CONNECTION.includes(name))
    .sort();
}
