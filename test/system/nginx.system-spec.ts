import { times } from '../factories';
import { API, bearer, gatewayNames, useGateway } from './support/behind-gateway';
import type { Greeting } from './support/example-service';

describe.each(gatewayNames)('a request through %s', (name) => {
  const gateway = useGateway(name);

  beforeEach(() => {
    gateway.service.received.length = 0;
  });

  it('without a token is refused, with a challenge and before the service hears of it', async () => {
    const answer = await gateway.at(API).get('/orders/1');

    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      type: 'urn:countersign:error:session.token_missing',
      status: 401,
      code: 'session.token_missing',
    });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="countersign"');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(gateway.service.received).toEqual([]);
  });

  it('with junk is told so', async () => {
    const answer = await gateway.at(API).get('/orders/1', { authorization: 'Bearer cs_at_junk' });

    expect(answer.body).toMatchObject({ status: 401, code: 'session.token_invalid' });
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('with a token reaches the service, which learns who it is from one header of each kind', async () => {
    const session = await gateway.signIn();
    const answer = await gateway.at(API).get('/orders/1?a=b', bearer(session));

    const { caller } = answer.body as Greeting;
    const { last } = gateway.service;
    expect(answer.status).toBe(200);
    expect(caller).toEqual({
      userId: session.userId,
      sessionId: session.sessionId,
      applicationId: expect.any(String) as string,
      audience: 'orders',
      scopes: ['orders:read', 'orders:refund'],
    });
    expect(last.valuesOf('X-User-Id')).toEqual([session.userId]);
    expect(last.valuesOf('X-Session-Id')).toEqual([session.sessionId]);
    expect(last.valuesOf('X-Application-Id')).toEqual([caller?.applicationId]);
    expect(last.valuesOf('X-Assurance')).toEqual(['platform']);
    expect(last.valuesOf('X-Identity-Token')).toHaveLength(1);
  });

  it('with init data reaches the service, which learns of a person without a session', async () => {
    const headers = { ...gateway.initData(), 'x-session-id': '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' };
    const answer = await gateway.at(API).get('/orders/1', headers);

    const { last } = gateway.service;
    expect(answer.status).toBe(200);
    expect(last.valuesOf('X-User-Id')).toEqual([(answer.body as Greeting).caller?.userId]);
    expect(last.valuesOf('X-Session-Id').join('')).toBe('');
    expect(last.rawHeaders.join()).not.toContain('hash=');
  });

  it('brings the service no access token, and everything else as it was', async () => {
    const headers = { ...bearer(await gateway.signIn()), cookie: 'a=b', accept: 'text/x-any', 'x-mine': '1' };
    await gateway.at(API).post('/orders/1?a=%20b', headers).send({ some: 'body' });

    const { last } = gateway.service;
    expect({ method: last.method, url: last.url }).toEqual({ method: 'POST', url: '/orders/1?a=%20b' });
    expect(['Cookie', 'Accept', 'X-Mine', 'Content-Type'].flatMap((name) => last.valuesOf(name))).toEqual([
      'a=b',
      'text/x-any',
      '1',
      'application/json',
    ]);
    expect(last.rawHeaders.join()).not.toContain(headers.authorization.slice(-20));
  });

  it('may carry a body that the check would refuse, since the check gets none', async () => {
    const headers = { ...bearer(await gateway.signIn()), 'content-type': 'application/json' };
    const answer = await gateway.at(API).post('/orders/1', headers).send('{'.repeat(900_000));

    expect(answer.body).toMatchObject({ bodyBytes: 900_000 });
  });

  it('with more headers than the check takes is the client’s fault', async () => {
    const { authorization } = bearer(await gateway.signIn());
    const padding = times(3, (index) => `X-Padding-${index}: ${'x'.repeat(7_000)}`);
    const answer = await gateway.sendRaw('GET /orders/1', [`Authorization: ${authorization}`, ...padding]);

    // Caddy passes the answer of the check on.
    expect([413, 431]).toContain(answer.status);
    expect(answer.body).toMatchObject({ status: answer.status });
    expect(gateway.service.received).toEqual([]);
  });

  it('that shows two tokens is refused', async () => {
    const sessions = [await gateway.signIn(), await gateway.signIn()];
    const answer = await gateway.sendRaw(
      'GET /orders/1',
      sessions.map((session) => `Authorization: ${bearer(session).authorization}`),
    );

    expect([400, 401]).toContain(answer.status);
    expect(gateway.service.received).toEqual([]);
  });

  it('to a host that is not served here is refused', async () => {
    const session = await gateway.signIn();

    for (const host of ['evil.example', 'countersign_check', `127.0.0.1:${gateway.gatewayPort}`])
      expect((await gateway.at(host).get('/v1/gateway/authorize', bearer(session))).status).toBe(421);
  });

  describe('to a location that asks for more', () => {
    it.each([
      ['the scope and the audience', 'shop', 200, 200],
      ['the audience, not the scope', 'window', 200, 403],
      ['the scope, not the audience', 'game', 403, 403],
    ] as const)('by a session with %s', async (_, application, reading, refunding) => {
      const headers = bearer(await gateway.signIn(application));
      const answers = [
        await gateway.at(API).get('/orders/1', headers),
        await gateway.at(API).post('/orders/refunds/1', headers),
      ];

      expect(answers.map(({ status }) => status)).toEqual([reading, refunding]);
      for (const { body } of answers.filter(({ status }) => status === 403))
        expect(body).toMatchObject({ status: 403, code: expect.stringMatching(/^gateway\./) as string });
    });

    it('asks for it whatever the client’s query says', async () => {
      const headers = bearer(await gateway.signIn('window'));
      const answer = await gateway.at(API).get('/orders/refunds/1?scope=orders:read&audience=games', headers);

      expect(answer.status).toBe(403);
    });
  });

  it('passes identities on whose token is as long as the settings let it be', async () => {
    const session = await gateway.signIn('archive');

    expect((await gateway.at(API).get('/orders/1', bearer(session))).status).toBe(200);
  });
});
