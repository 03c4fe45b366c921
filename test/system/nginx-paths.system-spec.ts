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
});
