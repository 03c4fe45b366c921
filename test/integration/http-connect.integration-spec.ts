import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const app = useTestApp();

describe.each(['public', 'gateway'])('a CONNECT to the %s listener', (name) => {
  let server: Server;

  beforeAll(() => {
    server = name === 'public' ? app.nest.getHttpServer() : app.gatewayServer;
  });

  afterEach(() => {
    for (const socket of taken.splice(0)) socket.on('error', () => undefined).destroy();
  });

  const taken: Socket[] = [];

  /** Both ends of a connection whose CONNECT was answered. */
  async function connected(): Promise<{ client: Socket; socket: Socket }> {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => undefined);
    const [socket] = await accepted;
    taken.push(socket, client);
    const answered = once(client, 'data');
    client.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await answered;
    return { client, socket };
  }

  it('leaves no socket whose failure nobody hears, which ends the process', async () => {
    const { socket } = await connected();

    expect(socket.destroyed || socket.listenerCount('error') > 0).toBe(true);
  });

  it.each([
    ['goes away after more bytes', (client: Socket) => client.end('x'.repeat(100))],
    ['never goes away', () => undefined],
  ])('keeps no connection whose client %s', async (_, then) => {
    const { client, socket } = await connected();
    then(client);

    await until(() => socket.destroyed);
  });
});

describe.each(['public', 'gateway'])('a request to the %s listener that cannot be read', (name) => {
  it('leaves no connection whose client never goes away', async () => {
    const server: Server = name === 'public' ? app.nest.getHttpServer() : app.gatewayServer;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const [socket] = await accepted;

    client.write('garbage\r\n\r\n');
    await once(client, 'data');

    await until(() => socket.destroyed);
    client.destroy();
  });
});
