import type { Test } from 'supertest';
import type { SignInBody } from '../factories';
import { Device } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const PATH = '/v1/gateway/authorize';
const ADDRESS = 'https://api.example.com/orders/live';

describe('a WebSocket of a page, at the check', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const shop = useApplication(app);
  const session = useFixture(() => app.signIn(shop));

  const open = (subprotocols: string, headers: Readonly<Record<string, string>> = {}, path = PATH): Test =>
    app.gateway.get(path).set({
      'sec-websocket-protocol': subprotocols,
      'x-forwarded-proto': 'wss',
      'x-forwarded-host': 'api.example.com',
      'x-forwarded-uri': '/orders/live',
      ...headers,
    });
  const tokenOf = ({ accessToken }: SignInBody) => `countersign.token.${accessToken}`;

  it.each([PATH, '/v1/gateway/external-auth/any/orders/live'])(
    'is opened by an access token among its subprotocols, and the service hears of the others: %s',
    async (path) => {
      const answer = await open(`orders.v2, ${tokenOf(session)}, orders.v1`, {}, path);

      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'x-user-id': session.userId,
        'sec-websocket-protocol': 'orders.v2, orders.v1',
      });
      expect(JSON.stringify(answer.headers)).not.toContain(session.accessToken);
    },
  );

  it('that offers nothing else is refused: a browser wants one of its offers selected', async () => {
    expectProblem(await open(tokenOf(session)), 400, 'gateway.subprotocol_missing');
  });

  it.each([
    ['no token', 'orders.v1', 'session.token_missing'],
    ['an empty token', 'orders.v1, countersign.token.', 'session.token_missing'],
    ['junk', 'orders.v1, countersign.token.junk', 'session.token_invalid'],
  ])('is refused with %s, and told nothing of subprotocols', async (_, offer, code) => {
    const answer = await open(offer);

    expectProblem(answer, 401, code);
    expect(answer.headers).not.toHaveProperty('sec-websocket-protocol');
  });

  describe('of a session with a device key', () => {
    const device = useFixture(() => new Device(app));
    const bound = useFixture(() => device.signIn(shop));
    const prove = (uri: string) =>
      device.key.prove({ method: 'GET', uri, accessToken: bound.accessToken, at: app.clock.now() });

    it('needs a proof among its subprotocols, which is good once', async () => {
      const offer = `orders.v1, ${tokenOf(bound)}, countersign.dpop.${await prove(ADDRESS)}`;
      const [first, again] = [await open(offer), await open(offer)];

      expect(first.headers).toMatchObject({
        'x-user-id': bound.userId,
        'sec-websocket-protocol': 'orders.v1',
      });
      expectProblem(again, 401, 'dpop.proof_repeated');
    });
  });
});
