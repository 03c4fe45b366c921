import { API, bearer, useNginx } from '../system/support/behind-gateway';

/** The one that the shipped file allows. */
const OWN = 'https://game.example.com';
const OTHER = 'https://evil.example.com';

/** What a browser asks before a page of another origin may send its own headers. */
const PREFLIGHT = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: authorization'];

describe('a page of another origin', () => {
  const gateway = useNginx();

  beforeEach(() => {
    gateway.service.received.length = 0;
  });

  it('is answered its preflight without a token, and before the service hears of it', async () => {
    const answer = await gateway.sendRaw('OPTIONS /orders/1', [`Origin: ${OWN}`, ...PREFLIGHT]);

    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': OWN,
      'access-control-allow-headers': expect.stringContaining('Authorization') as string,
      'access-control-allow-methods': expect.stringContaining('POST') as string,
      vary: 'Origin',
    });
    expect(gateway.service.received).toEqual([]);
  });

  it.each([
    ['no token', {}, 401],
    ['a scope that the session lacks', null, 403],
  ])('can read that there is %s', async (_, headers, status) => {
    const path = status === 403 ? '/orders/refunds/1' : '/orders/1';
    const session = await gateway.signIn('window');
    const answer = await gateway.at(API).get(path, { origin: OWN, ...(headers ?? bearer(session)) });

    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe(OWN);
    expect(answer.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
  });

  it('can read what the service answers', async () => {
    const session = await gateway.signIn();
    const answer = await gateway.at(API).get('/orders/1', { origin: OWN, ...bearer(session) });

    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(OWN);
  });

  it.each(['/orders/1', '/orders/catalogue/1'])(
    'that nobody allowed can read nothing of %s',
    async (path) => {
      const preflight = await gateway.sendRaw(`OPTIONS ${path}`, [`Origin: ${OTHER}`, ...PREFLIGHT]);
      const answer = await gateway.at(API).get(path, { origin: OTHER });

      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it('is checked like everybody when it sends OPTIONS that is no preflight', async () => {
    const answer = await gateway.sendRaw('OPTIONS /orders/1', []);

    expect(answer.status).toBe(401);
  });
});
