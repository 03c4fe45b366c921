import { DeviceKey } from '@countersign/proofs/testing';
import type { SignInBody } from '../factories';
import { API, bearer, gatewayNames, useGateway } from '../system/support/behind-gateway';

describe.each(gatewayNames)('a session with a device key, through %s', (name) => {
  const gateway = useGateway(name);

  beforeEach(() => {
    gateway.service.received.length = 0;
  });

  const key = DeviceKey.generate();
  const signInUri = 'https://id.example.com/v1/auth/telegram/init-data';

  const signIn = async () =>
    gateway.signIn('shop', { dpop: await key.prove({ method: 'POST', uri: signInUri, at: new Date() }) });

  const prove = ({ accessToken }: SignInBody, method: string, uri: string) =>
    key.prove({ method, uri, accessToken, at: new Date() });

  it('passes with a proof for this request, once', async () => {
    const session = await signIn();
    const headers = {
      authorization: `DPoP ${session.accessToken}`,
      dpop: await prove(session, 'POST', `http://${API}/orders/1`),
    };

    const [first, again] = [
      await gateway.at(API).post('/orders/1?a=b', headers),
      await gateway.at(API).post('/orders/1?a=b', headers),
    ];

    expect(first.body).toMatchObject({ caller: { userId: session.userId } });
    expect(gateway.service.last.valuesOf('DPoP')).toEqual([]);
    expect(again.status).toBe(401);
    expect(again.headers['www-authenticate']).toMatch(/^DPoP /);
    expect(again.body).toMatchObject({ code: 'dpop.proof_repeated' });
  });

  it.each([
    ['method', 'DELETE /orders/1', 'POST', `http://${API}/orders/1`],
    ['path', 'POST /orders/2', 'POST', `http://${API}/orders/1`],
    ['scheme', 'POST /orders/1', 'POST', `https://${API}/orders/1`],
    ['host', 'POST /orders/1', 'POST', 'http://forged.example/orders/1'],
  ])('is refused a proof for another %s, whatever is forwarded', async (_, line, method, uri) => {
    const session = await signIn();
    const { host, pathname, protocol } = new URL(uri);
    const answer = await gateway.sendRaw(line, [
      `Authorization: DPoP ${session.accessToken}`,
      `DPoP: ${await prove(session, method, uri)}`,
      `X-Forwarded-Method: ${method}`,
      `X-Forwarded-Proto: ${protocol.slice(0, -1)}`,
      `X-Forwarded-Host: ${host}`,
      `X-Forwarded-Uri: ${pathname}`,
    ]);

    expect(answer.status).toBe(401);
    expect(gateway.service.received).toEqual([]);
  });

  it('is refused a proof for the host of another header than the one that chose the server', async () => {
    const session = await signIn();
    const answer = await gateway.sendRaw(
      `GET http://${API}/orders/1`,
      [
        `Authorization: DPoP ${session.accessToken}`,
        `DPoP: ${await prove(session, 'GET', 'http://forged.example/orders/1')}`,
      ],
      'forged.example',
    );

    expect(answer.status).toBe(401);
  });

  it('is refused two proofs, and its token alone', async () => {
    const session = await signIn();
    const proof = await prove(session, 'GET', `http://${API}/orders/1`);
    const authorization = `Authorization: DPoP ${session.accessToken}`;

    const twice = await gateway.sendRaw('GET /orders/1', [authorization, `DPoP: ${proof}`, `DPoP: ${proof}`]);
    const alone = await gateway.at(API).get('/orders/1', bearer(session));

    expect([twice.status, alone.status]).toEqual([401, 401]);
    expect(gateway.service.received).toEqual([]);
  });
});
