import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { drain } from '../../apps/api/src/http/server/draining';
import { parseRawAnswer } from '../support/raw-http';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const BODY = '{"refreshToken":"cs_rt_nobody"}';
const ASKED = {
  public: [
    'POST /v1/auth/refresh HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${String(BODY.length)}`,
    '',
    BODY,
  ].join('\r\n'),
  gateway: ['GET /v1/gateway/authorize HTTP/1.1', 'Host: localhost', '', ''].join('\r\n'),
};
/** Longer than a test may take. */
const NEVER = 600_000;

/** Where a request is broken off, from its end: in the body of one, in the head of the other. */
const REST = -12;

/** A server that was drained takes connections again, on another port. */
async function reopen(server: Server): Promise<void> {
  if (server.listening) return;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

const app = useTestApp();

describe.each(['public', 'gateway'] as const)('the %s listener, while it drains', (listener) => {
  const server = (): Parameters<typeof drain>[0] =>
    listener === 'public' ? app.nest.getHttpServer() : app.gatewayServer;

  const portOf = (): number => (listener === 'public' ? app.port : app.gatewayPort);

  beforeEach(() => reopen(server()));

  /** A client in the middle of a request, and everything that it hears until its connection ends. */
  async function begin(bytes: string): Promise<{ socket: Socket; heard: Promise<string> }> {
    const asked = once(server(), 'connection');
    const socket = connect(portOf(), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    const heard = once(socket, 'close').then(() => Buffer.concat(chunks).toString('utf8'));
    socket.write(bytes);
    await asked;
    await sleep(50);
    return { socket, heard };
  }

  it('answers a request that was begun before, as the last one of its connection', async () => {
    const { socket, heard } = await begin(ASKED[listener].slice(0, REST));
    const drained = drain(server(), NEVER);
    await sleep(400);

    socket.write(ASKED[listener].slice(REST));
    const answer = parseRawAnswer(await heard);
    await drained;

    expect(answer.status).toBe(401);
    expect(answer.headers).toMatchObject({ connection: 'close' });
  });

  it('waits no longer than its limit for a request that never arrives whole', async () => {
    const { heard } = await begin(ASKED[listener].slice(0, REST));

    await drain(server(), 200);

    expect(await heard).toBe('');
    expect(server().listening).toBe(false);
  });

  it.each([
    ['has asked for nothing', '', 0],
    ['asks for nothing more', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n', 1],
  ])('ends the connection of who %s, and takes no further one', async (_who, bytes, answers) => {
    const port = portOf();
    const { heard } = await begin(bytes);

    await drain(server(), NEVER);

    expect((await heard).match(/HTTP\/1.1 200/g) ?? []).toHaveLength(answers);
    const late = connect(port, '127.0.0.1');
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('answers that are still being read while a listener drains', () => {
  const DOCUMENT = 'GET /openapi/public.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const LIMIT = 2_500;
  let server: Server;

  beforeEach(async () => {
    server = app.nest.getHttpServer();
    await reopen(server);
  });

  /** Somebody who asks for more than fits on the way, and does not read it. */
  async function askAndPause(): Promise<{ client: Socket; socket: Socket }> {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect(app.port, '127.0.0.1').pause();
    client.on('error', () => undefined);
    const [socket] = await accepted;
    await until(async () => {
      client.write(DOCUMENT);
      await sleep(50);
      return socket.writableLength > 0;
    });
    return { client, socket };
  }

  it('are sent to their end', async () => {
    const { client } = await askAndPause();
    const drained = drain(server, NEVER);
    await sleep(400);

    const answers = (await text(client)).split('HTTP/1.1 200 OK\r\n').slice(1);
    await drained;

    expect(answers.length).toBeGreaterThan(1);
    for (const answer of answers) {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toContain(`content-length: ${Buffer.byteLength(body)}\r\n`);
    }
  });

  it('hold up the connections of others no longer than those can still be answered', async () => {
    const { client } = await askAndPause();
    const asking = connect(app.port, '127.0.0.1');
    const answer = text(asking);
    asking.write(ASKED.public.slice(0, REST));
    const idle = connect(app.port, '127.0.0.1');
    idle.on('error', () => undefined).write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(idle, 'data');
    const drained = drain(server, LIMIT);

    await once(idle, 'close');
    asking.write(ASKED.public.slice(REST));

    expect(parseRawAnswer(await answer).status).toBe(401);
    await drained;
    client.destroy();
  });

  it('are cut at the limit, whatever else their connection asked for', async () => {
    const { client, socket } = await askAndPause();
    client.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await sleep(100);

    await drain(server, 200);

    expect(socket.destroyed).toBe(true);
    client.destroy();
  });
});

// It would end the application beside the drain, and uses that come meanwhile would be lost.
it('no signal is taken by the framework', async () => {
  const listeners = (): readonly number[] =>
    ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => process.listenerCount(signal));
  const known = listeners();
  const started = await TestApp.start();

  expect(listeners()).toEqual(known);
  await started.close();
});
