import { API, bearer, gatewayNames, useGateway } from './support/behind-gateway';

const IDENTITY_HEADERS = [
  'X-User-Id',
  'X-Session-Id',
  'X-Application-Id',
  'X-Assurance',
  'X-Identity-Token',
] as const;

/** Every way to write a header that some service might read as the gateway's. */
const forgeries: [how: string, linesFor: (name: string) => readonly string[]][] = [
  ['by its name', (name) => [`${name}: forged`]],
  ['in small letters', (name) => [`${name.toLowerCase()}: forged`]],
  ['in capitals', (name) => [`${name.toUpperCase()}: forged`]],
  ['with underscores', (name) => [`${name.replaceAll('-', '_')}: forged`]],
  ['with one underscore', (name) => [`${name.replace('-', '_')}: forged`]],
  ['with dots', (name) => [`${name.replaceAll('-', '.')}: forged`]],
  ['repeatedly', (name) => [`${name}: forged`, `${name.toLowerCase()}: forged too`]],
  ['with an empty one first', (name) => [`${name}:`, `${name}: forged`]],
  ['as a header of the connection', (name) => [`${name}: forged`, `Connection: close, ${name}`]],
];

/** What is no header line at all, though some server might take it for one. */
const brokenLines: [how: string, lines: readonly string[]][] = [
  ['with a space before the colon', ['X-User-Id : forged']],
  ['in a line that is folded', ['X-Other: a', ' X-User-Id: forged']],
  ['in a line without a name', [': X-User-Id: forged']],
];

describe.each(gatewayNames)('through %s', (name) => {
  const gateway = useGateway(name);

  beforeEach(() => {
    gateway.service.received.length = 0;
  });

  describe('an identity header that a client forges', () => {
    describe.each(forgeries)('%s', (_, linesFor) => {
      const lines = IDENTITY_HEADERS.flatMap(linesFor);

      it('does not reach the service beside a token', async () => {
        const session = await gateway.signIn();
        await gateway.sendRaw('GET /orders/1', [`Authorization: ${bearer(session).authorization}`, ...lines]);

        const { last } = gateway.service;
        expect(last.rawHeaders.join('\n')).not.toContain('forged');
        expect(IDENTITY_HEADERS.map((name) => last.aliasesOf(name).length)).toEqual([1, 1, 1, 1, 1]);
        expect(last.valuesOf('X-User-Id')).toEqual([session.userId]);
      });

      it('is worth nothing without a token', async () => {
        const answer = await gateway.sendRaw('GET /orders/1', lines);

        expect(answer.status).toBe(401);
        expect(gateway.service.received).toEqual([]);
      });

      it('does not reach the service where nobody is checked', async () => {
        const answer = await gateway.sendRaw('GET /orders/catalogue/1', lines);

        expect(answer).toMatchObject({ status: 200, body: { caller: null } });
        expect(IDENTITY_HEADERS.flatMap((name) => gateway.service.last.aliasesOf(name))).toEqual([]);
        expect(gateway.service.last.rawHeaders.join('\n')).not.toContain('forged');
      });
    });
  });

  it.each(brokenLines)('an identity header %s is no request, or no header', async (_, lines) => {
    const session = await gateway.signIn();
    const { authorization } = bearer(session);
    const answer = await gateway.sendRaw('GET /orders/1', [`Authorization: ${authorization}`, ...lines]);

    // Go, with which Caddy is made, reads the line as a value of the header before it, or leaves it out.
    expect(answer.status).toBe(name === 'Caddy' && answer.status === 200 ? 200 : 400);
    for (const received of gateway.service.received)
      expect(received.aliasesOf('X-User-Id').map((alias) => received.valuesOf(alias))).toEqual([
        [session.userId],
      ]);
  });

  describe('what a client says of where it comes from', () => {
    const forged = [
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: forged.example',
      'X-Forwarded-Port: 4444',
      'X-Forwarded-Method: PATCH',
      'X-Forwarded-Uri: /orders/forged',
      'X-Forwarded-Prefix: /forged',
      'X-Forwarded-User: forged',
      'X-Original-URL: /orders/forged',
      'X-Rewrite-URL: /orders/forged',
      'X-Real-IP: 192.0.2.1',
      'Forwarded: for=192.0.2.1;host=forged.example;proto=https',
    ];

    it('is replaced by what the gateway sees', async () => {
      const session = await gateway.signIn();
      await gateway.sendRaw('GET /orders/1?a=b', [
        `Authorization: ${bearer(session).authorization}`,
        ...forged,
      ]);

      const { last } = gateway.service;
      expect(last.rawHeaders.join('\n')).not.toMatch(/forged|192\.0\.2\.1|4444|PATCH|https/);
      expect(
        ['For', 'Proto', 'Host', 'Method', 'Uri'].flatMap((what) => last.valuesOf(`X-Forwarded-${what}`)),
      ).toEqual(['127.0.0.1', 'http', API, 'GET', '/orders/1?a=b']);
      expect(last.valuesOf('X-Real-IP')).toEqual(['127.0.0.1']);
    });

    it('gives no rights: neither another scope nor another audience', async () => {
      const { authorization } = bearer(await gateway.signIn('game'));
      const answer = await gateway.sendRaw('GET /orders/1?audience=game&scope=', [
        `Authorization: ${authorization}`,
        ...forged,
      ]);

      expect(answer).toMatchObject({ status: 403, body: { status: 403 } });
      expect(gateway.service.received).toEqual([]);
    });
  });
});
