import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { times, type SignInBody } from '../factories';
import { until } from '../support/until';
import { API, bearer, useNginx } from '../system/support/behind-gateway';
import type { Greeting } from '../system/support/example-service';

describe('connections through nginx', () => {
  const gateway = useNginx();
  let sessions: readonly SignInBody[];

  beforeAll(async () => {
    sessions = await Promise.all(times(4, () => gateway.signIn()));
  });

  /** The sessions one after the other, over and over. */
  const inTurn = (count: number): SignInBody[] =>
    times(count, () => sessions)
      .flat()
      .slice(0, count);

  const anybody = (): SignInBody => {
    const [first] = sessions;
    if (!first) throw new Error('nobody has signed in');
    return first;
  };

  const userIdsOf = (list: readonly SignInBody[]): string[] => list.map(({ userId }) => userId);

  async function callerOver(agent: Agent, session: SignInBody): Promise<string | undefined> {
    const headers = { host: API, ...bearer(session) };
    const request = get({ agent, host: '127.0.0.1', port: gateway.port, path: '/orders/1', headers });
    const [answer] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    const { caller } = (await json(answer)) as Greeting;
    return caller?.userId;
  }

  it('that are reused serve whoever shows a token, each time anew', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<Socket>();
    agent.on('free', (socket: Socket) => sockets.add(socket));

    const callers: (string | undefined)[] = [];
    for (const session of inTurn(20)) callers.push(await callerOver(agent, session));
    agent.destroy();

    expect(callers).toEqual(userIdsOf(inTurn(20)));
    expect(sockets.size).toBe(1);
  });

  it('many at once mix nobody up, also when they share connections further on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });

    const callers = await Promise.all(inTurn(200).map((session) => callerOver(agent, session)));
    agent.destroy();

    expect(callers).toEqual(userIdsOf(inTurn(200)));
  });

  it('do not lend an earlier request’s token to one without', async () => {
    const { accessToken } = anybody();
    const lines = ['GET /orders/1 HTTP/1.1', `Host: ${API}`];
    const withToken = [...lines, `Authorization: Bearer ${accessToken}`, '', ''].join('\r\n');
    const without = [...lines, 'Connection: close', '', ''].join('\r\n');

    const text = await talk(gateway.port, withToken + withToken + without);

    expect([...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '401',
    ]);
  });

  describe('that are upgraded to WebSocket', () => {
    const upgrade = (...headers: readonly string[]): string =>
      [
        'GET /orders/live HTTP/1.1',
        `Host: ${API}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
        '',
        '',
      ].join('\r\n');

    it('pass with a token, and then carry both ways', async () => {
      const { accessToken, userId } = anybody();
      const socket = connect(gateway.port, '127.0.0.1');
      let heard = '';
      socket.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')));
      socket.write(upgrade(`Authorization: Bearer ${accessToken}`, 'X-User-Id: forged'));
      await until(() => heard.includes(`caller ${userId}\n`));
      socket.write('are you there?');
      await until(() => heard.endsWith('are you there?'));
      socket.destroy();

      expect(heard).toMatch(/^HTTP\/1\.1 101 /);
      expect(gateway.service.last.valuesOf('X-User-Id')).toEqual([userId]);
    });

    it('are refused without one, and the service hears of nothing', async () => {
      gateway.service.received.length = 0;

      expect(await talk(gateway.port, upgrade('Connection: close'))).toMatch(/^HTTP\/1\.1 401 /);
      expect(gateway.service.received).toEqual([]);
    });

    it('are no other protocol: a request that asks for one stays a request', async () => {
      const { accessToken } = anybody();
      const text = await talk(
        gateway.port,
        upgrade(`Authorization: Bearer ${accessToken}`, 'Connection: close').replace('websocket', 'h2c'),
      );

      expect(text).toMatch(/^HTTP\/1\.1 200 /);
      expect(gateway.service.last.valuesOf('Upgrade')).toEqual([]);
    });
  });
});

/** What comes back for these bytes until the other side closes. */
async function talk(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
  socket.write(bytes);
  await once(socket, 'close');
  return heard;
}
