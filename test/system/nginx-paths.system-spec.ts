import type { RawAnswer } from '../support/raw-http';
import { useFixture } from '../support/use-fixture';
import { API, bearer, ID, gatewayNames, useGateway } from './support/behind-gateway';

/** Spellings of one path that some server reads as the plain one. */
function spellingsOf(path: string): readonly string[] {
  const [, first = '', ...rest] = path.split('/');
  const [letter = ''] = first;
  const encoded = `%${letter.charCodeAt(0).toString(16)}${first.slice(1)}`;
  return [
    path,
    `${path}?audience=orders`,
    `${path}/`,
    `${path}/more`,
    `/${path}`,
    `/.${path}`,
    `/orders/..${path}`,
    `/orders/catalogue/../..${path}`,
    `/orders/%2e%2e${path}`,
    `/orders/..%2f${path.slice(1)}`,
    `/orders/..\\${path.slice(1)}`,
    `/orders/..;${path}`,
    `/orders/%252e%252e${path}`,
    `/${[encoded, ...rest].join('/')}`,
    `/${[first, ...rest].join('//')}`,
    `/${[first, ...rest].join('%2F')}`,
    path.toUpperCase(),
    `http://countersign_check${path}`,
    `http://${API}${path}`,
  ];
}

describe.each(gatewayNames)('through %s', (name) => {
  const gateway = useGateway(name);
  const session = useFixture(() => gateway.signIn());

  beforeEach(() => {
    gateway.service.received.length = 0;
  });

  const ask = (path: string, host: string): Promise<RawAnswer> =>
    gateway.sendRaw(`GET ${path}`, [`Authorization: ${bearer(session).authorization}`], host);

  it('the paths below exist on the port that only the gateway reaches', async () => {
    const direct = await fetch(`http://127.0.0.1:${gateway.gatewayPort}/v1/gateway/authorize`, {
      headers: bearer(session),
    });

    expect(direct.status).toBe(200);
    expect(direct.headers.get('x-identity-token')).not.toBeNull();
  });

  describe.each([API, ID, 'countersign_check'])('on the host %s', (host) => {
    it.each(['/v1/gateway/authorize', '/metrics', '/countersign/check'].flatMap(spellingsOf))(
      'nobody gets an identity from %s',
      async (path) => {
        const { status, headers, text } = await ask(path, host);

        expect([400, 404, 421]).toContain(status);
        expect(Object.keys(headers).filter((name) => /identity|user-id|session-id/.test(name))).toEqual([]);
        expect(text).not.toMatch(/countersign_\w+_(total|seconds)|process_cpu/);
        expect(gateway.service.received).toEqual([]);
      },
    );
  });

  it.each([
    '/orders/catalogue/../refunds/1',
    '/orders/catalogue/%2e%2e/refunds/1',
    '/orders/catalogue/..%2frefunds/1',
    '/orders/catalogue/..%5crefunds/1',
    '/orders/catalogue/..\\refunds/1',
    '/orders/catalogue/..;/refunds/1',
    '/orders/catalogue/%252e%252e/refunds/1',
    '/orders//refunds/1',
    '/orders/./refunds/1',
    // Servlet containers and Fastify 4 end the path, or the segment, at a semicolon.
    '/orders/refunds;',
    '/orders/refunds;x/1',
    // nginx ends the path at `#` and goes up; a service reads the segment before it.
    '/orders/refunds/..#',
  ])('%s leads to no service by the rules of another location', async (path) => {
    const answer = await gateway.sendRaw(`GET ${path}`, [`Authorization: ${bearer(session).authorization}`]);

    expect(answer).toMatchObject({ status: 400, body: { status: 400 } });
    expect(gateway.service.received).toEqual([]);
  });

  it('another case of a guarded path is not the way round its guard', async () => {
    const reader = await gateway.signIn('window');
    const { authorization } = bearer(reader);

    expect(await gateway.sendRaw('GET /orders/refunds/1', [`Authorization: ${authorization}`])).toMatchObject(
      {
        status: 403,
      },
    );
    // Express, also under Nest, takes both for one path unless told otherwise.
    expect(
      (await gateway.sendRaw('GET /orders/Refunds/1', [`Authorization: ${authorization}`])).status,
    ).not.toBe(200);
  });

  it('a query may hold what a path may not', async () => {
    const answer = await ask('/orders/1?next=//a/../b%2f', API);

    expect(answer.status).toBe(200);
    expect(gateway.service.last.url).toBe('/orders/1?next=//a/../b%2f');
  });
});
