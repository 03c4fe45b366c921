import { times, type SignInBody } from '../factories';
import { aRequest, repeatedAuthorization, sendRaw } from '../support/raw-http';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const PATH = '/v1/gateway/authorize';

interface Answer {
  readonly status: number;
  readonly sessionId: string | undefined;
  readonly requestId: string | undefined;
}

/** Requests on one connection, without waiting for answers; the last of them ends it. */
function aConversation(requests: readonly { readonly line?: string; readonly headers: readonly string[] }[]) {
  return requests.map(({ line = `GET ${PATH}`, headers }, index) => {
    const connection = index === requests.length - 1 ? 'close' : 'keep-alive';
    return [`${line} HTTP/1.1`, 'Host: localhost', `Connection: ${connection}`, ...headers, '', ''].join(
      '\r\n',
    );
  });
}

/** All answers of one connection, in the order in which they came. */
function answersIn(text: string): readonly Answer[] {
  return text.split(/(?=HTTP\/1\.1 \d{3} )/).map((answer) => ({
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]),
    sessionId: /^x-session-id: (.+)\r$/m.exec(answer)?.[1],
    requestId: /^x-request-id: (.+)\r$/m.exec(answer)?.[1],
  }));
}

describe('a connection of the gateway', () => {
  const app = useTestApp();
  const shop = useApplication(app, { settings: { scopes: ['orders:read'] } });
  const session = useFixture(() => app.signIn(shop));

  const bearer = ({ accessToken }: Pick<SignInBody, 'accessToken'>) => `Authorization: Bearer ${accessToken}`;

  it('carries the checks of many sessions, cold and warm and refused, and mixes none of them', async () => {
    const sessions = await Promise.all(times(6, () => app.signIn(shop)));
    const ended = await app.signIn(shop);
    await app.accounts.revoke({ sessionId: ended.sessionId });
    const askers = times(120, (index) => {
      const { accessToken, sessionId } = sessions[index % sessions.length] ?? session;
      if (index % 4 === 1) return { accessToken: 'junk', expected: [401, undefined] };
      if (index % 4 === 2) return { accessToken: ended.accessToken, expected: [401, undefined] };
      return { accessToken, expected: [200, sessionId] };
    });
    const requests = askers.map((asker, index) => ({
      headers: [bearer(asker), `X-Request-Id: request-${index}`],
    }));

    const { text } = await sendRaw(app.gatewayPort, aConversation(requests).join(''));

    expect(answersIn(text)).toEqual(
      askers.map(({ expected: [status, sessionId] }, index) => ({
        status,
        sessionId,
        requestId: `request-${index}`,
      })),
    );
  });

  it('answers in order, whatever else is asked between', async () => {
    app.clock.catchUp();
    const { text } = await sendRaw(
      app.gatewayPort,
      aConversation([
        { headers: [bearer(session)] },
        { line: 'GET /health/ready', headers: [] },
        { line: 'GET /v1/me', headers: [bearer(session)] },
        { headers: [] },
        { line: `GET ${PATH}?scope=admin`, headers: [bearer(session)] },
        { headers: [bearer(session)] },
      ]).join(''),
    );

    expect(answersIn(text).map(({ status }) => status)).toEqual([200, 200, 404, 401, 403, 200]);
  });

  it.each<[string, readonly string[], string]>([
    ['a body of a known length', ['Content-Length: 11'], 'hello world'],
    ['a body in chunks', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'],
    [
      'a body in chunks with a trailer',
      ['Transfer-Encoding: chunked', 'Trailer: Authorization'],
      '5\r\nhello\r\n0\r\nAuthorization: Bearer junk\r\n\r\n',
    ],
    [
      'a body that looks like a request',
      ['Content-Length: 37'],
      'GET /v1/me HTTP/1.1\r\nHost: localhost\r\n',
    ],
    ['a body of one mebibyte', ['Content-Length: 1048576'], 'x'.repeat(1024 * 1024)],
  ])('goes on after %s, which is nobody’s to read', async (_, headers, body) => {
    const [first = '', ...others] = aConversation([
      { line: `POST ${PATH}`, headers: [bearer(session), ...headers] },
      { headers: [bearer(session)] },
      { headers: [] },
    ]);
    const { text } = await sendRaw(app.gatewayPort, first, body, others.join(''));

    expect(answersIn(text).map(({ status }) => status)).toEqual([200, 200, 401]);
  });

  it('answers before a huge body has come, and never needs all of it', async () => {
    const request = aConversation([
      { line: `PUT ${PATH}`, headers: [bearer(session), `Content-Length: ${2 ** 40}`] },
    ]).join('');
    const { status, headers } = await sendRaw(app.gatewayPort, request, 'x'.repeat(65_536));

    expect(status).toBe(200);
    expect(headers['x-session-id']).toBe(session.sessionId);
  });

  it('is told to go on where its client waits for that', async () => {
    const request = aRequest(`POST ${PATH}`, bearer(session), 'Content-Length: 5', 'Expect: 100-continue');
    const { text } = await sendRaw(app.gatewayPort, request, 'hello');

    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it.each(['Expect: 200-maybe', 'Connection: close, Upgrade\r\nUpgrade: websocket', 'TE: trailers'])(
    'is answered as any other with %j',
    async (line) => {
      const { status } = await sendRaw(app.gatewayPort, aRequest(`GET ${PATH}`, bearer(session), line));

      expect(status).toBe(200);
    },
  );

  it.each([[['Host: localhost']], [[]]])('may speak HTTP/1.0, with %j', async (lines) => {
    const head = [`GET ${PATH} HTTP/1.0`, ...lines, bearer(session), '', ''].join('\r\n');
    const { status, headers, body } = await sendRaw(app.gatewayPort, head);

    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(headers).toMatchObject({ 'x-session-id': session.sessionId, connection: 'close' });
  });

  it.each<[string, readonly string[]]>([
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['a coding behind chunks', ['Transfer-Encoding: chunked, gzip']],
    ['a name with a blank', ['Authorization : Bearer x']],
    ['a line that goes on', ['X-A: b', ' c']],
    ['a control character', ['X-A: \u0000']],
  ])('permits nothing that could be read in two ways: %s', async (_, lines) => {
    const request = aRequest(`POST ${PATH}`, bearer(session), ...lines);
    const { status, headers } = await sendRaw(app.gatewayPort, request, '5\r\nhello\r\n0\r\n\r\n');

    expect(status).toBe(400);
    expect(headers).not.toHaveProperty('x-user-id');
  });

  describe('refuses credentials that come twice', () => {
    const twice = { status: 401, body: { code: 'gateway.header_repeated' } };

    it.each(repeatedAuthorization)('in Authorization: %s', async (_, lines) => {
      const request = aRequest(`GET ${PATH}`, ...lines(bearer(session)));

      expect(await sendRaw(app.gatewayPort, request)).toMatchObject(twice);
    });

    it('in DPoP, whether the session needs a proof or not', async () => {
      const request = aRequest(`GET ${PATH}`, bearer(session), 'DPoP: a.b.c', 'dpop: a.b.c');

      expect(await sendRaw(app.gatewayPort, request)).toMatchObject(twice);
    });
  });

  it('cannot hide a second token behind a crowd of headers', async () => {
    for (const crowd of [990, 1_000, 1_010, 1_030, 1_100, 2_100]) {
      const request = aRequest(
        `GET ${PATH}`,
        bearer(session),
        ...times(crowd, () => 'a:'),
        'Authorization: Bearer junk',
      );
      const { status, headers } = await sendRaw(app.gatewayPort, request);

      expect({ crowd, isRefused: [401, 403, 413].includes(status) }).toEqual({ crowd, isRefused: true });
      expect(headers).not.toHaveProperty('x-user-id');
    }
  });

  it('refuses more headers than can be read', async () => {
    const request = aRequest(`GET ${PATH}`, bearer(session), `X-Long: ${'x'.repeat(17 * 1024)}`);

    expect(await sendRaw(app.gatewayPort, request)).toMatchObject({
      status: 413,
      body: { code: 'request.too_large' },
    });
  });

  it.each([
    [200, 1_000],
    [413, 1_001],
  ])('answers %i to %i headers', async (status, count) => {
    // Beside `Host`, `Connection` and the credentials.
    const request = aRequest(`GET ${PATH}`, bearer(session), ...times(count - 3, () => 'a:'));

    expect((await sendRaw(app.gatewayPort, request)).status).toBe(status);
  });
});
