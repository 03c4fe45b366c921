import { once } from 'node:events';
import { request as sendRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { aConfidentialApplication, basicOf, FORM_TYPE, INTROSPECT, REVOKE } from '../support/oauth';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const ORIGIN = 'https://app.example.com';
const OWN = ['date', 'x-request-id'];

interface Sent {
  readonly url?: (path: string) => string;
  /** By lower-case names, beside a good client and the type of forms; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string | Buffer;
  /** Without a length, in chunks. */
  readonly isChunked?: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: object;
}

function withoutId(body: string): object {
  const { requestId: _, ...said } = JSON.parse(body || '{}') as Record<string, unknown>;
  return said;
}

/** Revocation answers nothing. */
function withoutContent({ status, headers: { 'content-type': _, ...headers } }: Answer): Answer {
  return { status, headers: { ...headers, 'content-length': '0' }, body: {} };
}

describe('introspection, without the framework, and revocation, a route', () => {
  const app = useTestApp({ environment: { TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' } });
  const caller = useFixture(() => aConfidentialApplication(app, { origins: [ORIGIN] }));

  async function ask(path: string, { url, headers: sent = {}, body = '', isChunked }: Sent) {
    const all: NonNullable<Sent['headers']> = {
      host: 'localhost',
      authorization: basicOf(caller),
      'content-type': FORM_TYPE,
      ...(isChunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...sent,
    };
    const list = Object.entries(all).flatMap(([name, value]) =>
      [value ?? []].flat().flatMap((one) => [name, one]),
    );
    const sending = sendRequest({
      port: app.port,
      host: '127.0.0.1',
      method: 'POST',
      path: url?.(path) ?? path,
      headers: list,
      agent: false,
      setHost: false,
    });
    sending.end(body);
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    const headers = { ...answer.headers };
    for (const name of OWN) if (name in headers) headers[name] = '';
    return { status: answer.statusCode ?? 0, headers, body: withoutId(await text(answer)) };
  }

  const logged = () =>
    app.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'answered')
      .map(({ time: _, durationMs: __, requestId: ___, route: ____, ...line }) => line);

  it.each<[string, number, () => Sent]>([
    ['a form', 200, () => ({ body: 'token=junk' })],
    ['a chunked body', 200, () => ({ body: 'token=junk', isChunked: true })],
    ['a device key proof', 200, () => ({ body: 'token=junk', headers: { dpop: 'junk' } })],
    ['an expectation', 200, () => ({ body: 'token=junk', headers: { expect: '100-continue' } })],
    ['an unknown expectation', 200, () => ({ body: 'token=junk', headers: { expect: 'more' } })],
    ['a forwarded request', 200, () => ({ body: 'token=junk', headers: { forwarded: 'for=192.0.2.1' } })],
    ['a proxy', 200, () => ({ body: 'token=junk', headers: { 'x-forwarded-for': '203.0.113.1' } })],
    [
      'an escape in the path',
      200,
      () => ({ body: 'token=a', url: (path) => path.replace('oauth', '%6Fauth') }),
    ],
    ['a URL with its host', 200, () => ({ body: 'token=a', url: (path) => `http://localhost${path}` })],
    ['an empty query', 200, () => ({ body: 'token=a', url: (path) => `${path}?` })],
    [
      'an escaped slash',
      404,
      () => ({ body: 'token=a', url: (path) => path.replace('/oauth/', '/oauth%2F') }),
    ],
    ['a longer path', 404, () => ({ body: 'token=a', url: (path) => `${path}/` })],
    ['a malformed path', 400, () => ({ body: 'token=a', url: (path) => `${path}%zz` })],
    ['no host', 400, () => ({ body: 'token=a', headers: { host: null } })],
    ['two credentials', 400, () => ({ body: 'token=a', headers: { authorization: ['Basic a', 'Basic b'] } })],
    ['two credentials and a proof', 400, () => ({ headers: { authorization: ['a', 'b'], dpop: 'junk' } })],
  ])('answer alike to %s', async (_name, status, sentBy) => {
    const lines = logged().length;
    const [answer, other] = await Promise.all([ask(INTROSPECT, sentBy()), ask(REVOKE, sentBy())]);

    expect(answer.status === 200 ? withoutContent(answer) : answer).toEqual(other);
    expect(answer.status).toBe(status);
    await until(() => logged().length >= lines + 2);
    const [line, otherLine] = logged().slice(lines);
    expect(line).toEqual(otherLine);
  });

  it.each<[string, Sent, string]>([
    [
      'a page without a form',
      { body: '{}', headers: { origin: ORIGIN, 'content-type': 'text/plain' } },
      'client.server_only',
    ],
    [
      'a malformed form of an unknown client',
      { body: 'a', headers: { authorization: 'Basic a' } },
      'client.unauthenticated',
    ],
  ])('answer unlike to %s: introspection judges its caller first', async (_name, sent, code) => {
    const [answer, other] = await Promise.all([ask(INTROSPECT, sent), ask(REVOKE, sent)]);

    expect(answer.body).toMatchObject({ code });
    expect([400, 415]).toContain(other.status);
  });

  it('log alike that the client left', async () => {
    const lines = logged().length;
    for (const [index, path] of [INTROSPECT, REVOKE].entries()) {
      const head = [
        `POST ${path} HTTP/1.1`,
        'Host: a',
        `Authorization: ${basicOf(caller)}`,
        `Content-Type: ${FORM_TYPE}`,
        'Content-Length: 9',
      ];
      const client = connect(app.port, '127.0.0.1');
      client.write([...head, '', 'token'].join('\r\n'));
      client.destroySoon();
      await until(() => logged().length > lines + index);
    }

    const [line, otherLine] = logged().slice(lines);
    expect(line).toMatchObject({ status: 400, code: 'request.malformed', isHungUp: true });
    expect(line).toEqual(otherLine);
  });
});
