import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { times, type SignInBody } from '../factories';
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

  it('are upgraded to WebSocket alone: a request that asks for another protocol stays a request', async () => {
    const { accessToken } = anybody();
    const lines = ['GET /orders/live HTTP/1.1', `Host: ${API}`, 'Connection: Upgrade', 'Upgrade: h2c'];
    const headers = [`Authorization: Bearer ${accessToken}`, 'Connection: close'];

    expect(await talk(gateway.port, [...lines, ...headers, '', ''].join('\r\n'))).toMatch(/^HTTP\/1\.1 200 /);
    expect(gateway.service.last.valuesOf('Upgrade')).toEqual([]);
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
