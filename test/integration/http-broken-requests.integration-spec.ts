import { aConfidentialApplication, basicOf, FORM_TYPE, INTROSPECT } from '../support/oauth';
import { aRequest, repeatedAuthorization, sendRaw, type RawAnswer } from '../support/raw-http';
import { useApplication, useTestApp } from '../support/use-test-app';

const REFRESH = 'POST /v1/auth/refresh';
const JSON_TYPE = 'Content-Type: application/json';
const CHUNKED = 'Transfer-Encoding: chunked';

describe('requests that no HTTP client would send', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  afterEach(async () => {
    expect((await app.http.get('/health/live')).status).toBe(200);
  });

  const send = (...pieces: (string | Buffer)[]): Promise<RawAnswer> => sendRaw(app.port, ...pieces);

  it.each<[string, string | Buffer]>([
    ['a line of garbage', 'garbage\r\n\r\n'],
    ['a TLS handshake', Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a method that does not exist', aRequest('BREW /v1/me')],
    ['a tunnel', aRequest('CONNECT example.com:443')],
    ['bytes in the path', Buffer.from(aRequest('GET /\xff\xfe'), 'latin1')],
    ['a NUL byte in the path', aRequest('GET /a\0b')],
    ['a NUL byte in a header', aRequest('GET /health/live', 'X-A: a\0b')],
    ['a header without a name', aRequest('GET /health/live', ': x')],
    ['a space before the colon', aRequest('GET /health/live', 'X-A : x')],
    ['a folded header', aRequest('GET /health/live', 'X-A: a', ' b')],
    ['line feeds for line ends', 'GET /health/live HTTP/1.1\nHost: x\n\n'],
    ['a length and chunks', `${aRequest(REFRESH, JSON_TYPE, CHUNKED, 'Content-Length: 5')}0\r\n\r\n`],
    ['two lengths', `${aRequest(REFRESH, JSON_TYPE, 'Content-Length: 2', 'Content-Length: 3')}{}`],
    ['a negative length', `${aRequest(REFRESH, JSON_TYPE, 'Content-Length: -2')}{}`],
    ['a length that is no number', `${aRequest(REFRESH, JSON_TYPE, 'Content-Length: 0x2')}{}`],
    ['an unknown transfer encoding', `${aRequest(REFRESH, JSON_TYPE, 'Transfer-Encoding: gzip')}{}`],
    ['a chunk of no size', `${aRequest(REFRESH, JSON_TYPE, CHUNKED)}zz\r\n`],
    ['no host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('answers %s with a problem', async (_name, bytes) => {
    const answer = await send(bytes);

    expect(answer).toMatchObject({
      status: 400,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      },
      body: { status: 400, code: 'request.malformed', requestId: answer.headers['x-request-id'] },
    });
  });

  describe('credentials that come twice', () => {
    it.each(repeatedAuthorization)('are refused: %s', async (_, lines) => {
      const { accessToken } = await app.signIn(demo);

      const answer = await send(aRequest('GET /v1/me', ...lines(`Authorization: Bearer ${accessToken}`)));

      expect(answer).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    });

    it('are refused where clients authenticate', async () => {
      const caller = await aConfidentialApplication(app);
      const { accessToken } = await app.signIn(caller);
      const form = `token=${accessToken}`;
      const headers = [`Content-Type: ${FORM_TYPE}`, `Content-Length: ${form.length}`];
      const ask = (...more: readonly string[]) =>
        send(`${aRequest(`POST ${INTROSPECT}`, ...headers, ...more)}${form}`);
      const good = `Authorization: ${basicOf(caller)}`;

      expect(await ask(good)).toMatchObject({ status: 200, body: { active: true } });
      expect(await ask(good, good)).toMatchObject({
        status: 400,
        body: { code: 'request.malformed', error: 'invalid_request' },
      });
    });
  });

  describe('an empty body in chunks', () => {
    const chunked = (line: string, ...headers: readonly string[]) =>
      send(`${aRequest(line, CHUNKED, ...headers)}0\r\n\r\n`);

    it('is none, where none is asked', async () => {
      const { accessToken } = await app.signIn(demo);
      const authorization = `Authorization: Bearer ${accessToken}`;

      expect((await chunked('DELETE /v1/me/sessions', authorization)).status).toBe(204);
      expect((await chunked('POST /v1/auth/logout', authorization)).status).toBe(204);
      expect((await chunked('GET /health/live')).status).toBe(200);
    });

    it('is none, where one is asked', async () => {
      expect(await chunked(REFRESH)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
      expect((await chunked('POST /nope')).status).toBe(404);
    });

    it('has no type that could be refused; content without one is', async () => {
      const unsupported = { status: 415, body: { code: 'request.unsupported_media_type' } };

      expect(await chunked(REFRESH, 'Content-Type: text/plain')).toMatchObject({ status: 400 });
      const line = aRequest(REFRESH, CHUNKED);
      expect(await send(`${line}2\r\n{}\r\n0\r\n\r\n`)).toMatchObject(unsupported);
      expect(await send(`${line}2\r\n{}\r\n`)).toMatchObject(unsupported);
    });
  });

  it.each([
    ['one header of 20 kB', `X-A: ${'a'.repeat(20_000)}`],
    ['3000 headers', Array.from({ length: 3_000 }, (_, index) => `X-${index}: a`).join('\r\n')],
  ])('answers %s with a problem', async (_name, headers) => {
    const answer = await send(aRequest('GET /health/live', headers));

    expect(answer).toMatchObject({ status: 413, body: { code: 'request.too_large' } });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('refuses a body that is announced as larger than 64 KiB before it has come', async () => {
    const answer = await send(aRequest(REFRESH, JSON_TYPE, 'Content-Length: 65537'));

    expect(answer).toMatchObject({ status: 413, body: { code: 'request.too_large' } });
  });

  it('refuses chunks that exceed 64 KiB together', async () => {
    const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`;
    const answer = await send(aRequest(REFRESH, JSON_TYPE, CHUNKED), chunk, chunk, chunk, chunk, chunk);

    expect(answer).toMatchObject({ status: 413, body: { code: 'request.too_large' } });
  });

  it.each([
    ['a length', ['Content-Length: 2'], '{}'],
    ['chunks', [CHUNKED], '2\r\n{}\r\n0\r\n\r\n'],
  ])('refuses a body without a type, sent by %s', async (_name, headers, body) => {
    const answer = await send(aRequest(REFRESH, ...headers), body);

    expect(answer).toMatchObject({ status: 415, body: { code: 'request.unsupported_media_type' } });
  });

  it('takes a body that trickles in', async () => {
    const body = JSON.stringify({ applicationId: demo.applicationId, initData: app.initDataOf(demo) });
    const head = aRequest('POST /v1/auth/telegram/init-data', JSON_TYPE, `Content-Length: ${body.length}`);

    const answer = await send(...(`${head}${body}`.match(/[^]{1,40}/g) ?? []));

    expect(answer).toMatchObject({ status: 200, body: { isNewUser: true } });
  });

  it('answers pipelined requests in their order', async () => {
    const keptAlive = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
    const { text } = await send(keptAlive + keptAlive + aRequest('GET /nope'));

    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  it('keeps a connection after a refusal', async () => {
    const refused = `POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\n${JSON_TYPE}\r\nContent-Length: 2\r\n\r\n{}`;
    const { text } = await send(refused + aRequest('GET /health/live'));

    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  it.each(['100-continue', 'tea'])('answers a request that expects %s', async (expectation) => {
    const head = aRequest(REFRESH, JSON_TYPE, 'Content-Length: 2', `Expect: ${expectation}`);
    const { text } = await send(head, '{}');

    expect(text).toContain('"code":"request.invalid"');
  });

  it.each([
    ['HTTP/1.0', 'GET /health/live HTTP/1.0\r\n\r\n'],
    ['an absolute URL', aRequest('GET http://localhost/health/live')],
    ['an upgrade', aRequest('GET /health/live', 'Upgrade: websocket')],
  ])('answers %s', async (_name, bytes) => {
    expect(await send(bytes)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});
