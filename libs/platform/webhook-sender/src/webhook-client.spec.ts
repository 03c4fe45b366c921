import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type AllowedTarget, SystemClock } from '@countersign/runtime';
import { aCertificateAuthority } from '../testing/certificates';
import { httpReceiver, httpsReceiver, stopReceivers, tcpReceiver } from '../testing/receivers';
import type { ResolveName } from './checked-lookup';
import { WebhookClient, type WebhookClientOptions } from './webhook-client';

const BODY = '{"type":"user.created"}';
const LOOPBACK: readonly AllowedTarget[] = [
  { kind: 'range', address: '127.0.0.0', bits: 8, port: null },
  { kind: 'name', name: 'localhost', port: null },
];
const NOTHING: readonly AllowedTarget[] = [];

const clients: WebhookClient[] = [];

function aClient(options: Partial<WebhookClientOptions> = {}): WebhookClient {
  const client = new WebhookClient({ clock: new SystemClock(), allowed: LOOPBACK, ...options });
  clients.push(client);
  return client;
}

/** Gives up quickly. */
function anImpatientClient(options: Partial<WebhookClientOptions> = {}): WebhookClient {
  return aClient({ ...options, limits: { deadlineMs: 300, ...options.limits } });
}

function send(client: WebhookClient, url: string) {
  return client.send({ url, headers: { 'webhook-id': 'msg_1' }, body: BODY });
}

const urlOf = ({ port }: { port: number }, path = '/') => `http://127.0.0.1:${port}${path}`;

/** Answers with these texts, one after the other, when a request arrives. */
function scripted(...texts: string[]) {
  return tcpReceiver((socket) => {
    socket.once('data', () => {
      for (const text of texts) socket.write(text);
    });
  });
}

/** A connection is free again soon after the end of its answer. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await stopReceivers();
});

describe('a webhook', () => {
  it('arrives as a POST of JSON', async () => {
    const arrived: IncomingMessage[] = [];
    const receiver = await httpReceiver((request, response) => {
      arrived.push(request);
      response.writeHead(202).end('thanks');
    });

    const result = await send(aClient(), urlOf(receiver, '/hooks?a=b'));

    expect(result).toEqual({ kind: 'answered', status: 202, retryAfterSeconds: null });
    expect(arrived).toHaveLength(1);
    expect(arrived[0]).toMatchObject({
      method: 'POST',
      url: '/hooks?a=b',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Countersign-Webhooks/1',
        host: `127.0.0.1:${receiver.port}`,
        'webhook-id': 'msg_1',
      },
    });
  });

  it('may not bring a header that is not valid', async () => {
    const client = aClient();
    const receiver = await httpReceiver((_request, response) => response.end());
    await expect(
      client.send({ url: urlOf(receiver), headers: { a: 'b\r\nc: d' }, body: BODY }),
    ).rejects.toThrow('invalid a header');
    expect(receiver.connections).toBe(0);
  });

  it('follows no redirect', async () => {
    const other = await httpReceiver((_request, response) => response.end());
    const receiver = await httpReceiver((_request, response) =>
      response.writeHead(307, { location: urlOf(other) }).end(),
    );

    expect(await send(aClient(), urlOf(receiver))).toMatchObject({ kind: 'answered', status: 307 });
    expect(other.connections).toBe(0);
  });

  it('passes no proxy', async () => {
    const proxy = await httpReceiver((_request, response) => response.writeHead(418).end());
    const receiver = await httpReceiver((_request, response) => response.end());
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
    const before = { ...process.env };
    for (const name of names) process.env[name] = urlOf(proxy);
    try {
      expect(await send(aClient(), urlOf(receiver))).toMatchObject({ status: 200 });
    } finally {
      for (const name of names) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
    expect(proxy.connections).toBe(0);
  });
});

describe('addresses', () => {
  it('that a URL names are refused', async () => {
    const receiver = await httpReceiver((_request, response) => response.end());
    const client = aClient({ allowed: NOTHING });

    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::ffff:7f00:1]', '[::1]'])
      for (const scheme of ['http', 'https'])
        expect(await send(client, `${scheme}://${host}:${receiver.port}/`)).toMatchObject({
          reason: 'refused_url',
        });
    expect(receiver.connections).toBe(0);
  });

  it.each([
    ['127.0.0.1'],
    ['::ffff:127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['fd00::1'],
    ['64:ff9b::7f00:1'],
    ['93.184.216.34', '127.0.0.1'],
    ['2606:4700::1', '93.184.216.34', '::1'],
  ])('that a name resolves to are refused: %s %s %s', async (...addresses) => {
    const client = aClient({ resolve: async () => addresses, allowed: NOTHING });

    expect(await send(client, 'https://hooks.example.com/')).toMatchObject({
      kind: 'failed',
      reason: 'refused_address',
    });
  });

  it('are those of the one answer that was checked, whatever the next answer is', async () => {
    const receiver = await httpReceiver((_request, response) => response.end());
    const answers = ['127.0.0.1', '10.0.0.1', '127.0.0.1'];
    const asked: string[] = [];
    const resolve: ResolveName = async (name) => {
      asked.push(name);
      return [answers[asked.length - 1] ?? ''];
    };
    const allowed: AllowedTarget[] = [
      { kind: 'name', name: 'rebinding.example.com', port: 1 },
      { kind: 'range', address: '127.0.0.1', bits: 32, port: null },
      { kind: 'name', name: 'plain.example.com', port: receiver.port },
    ];
    const client = aClient({ resolve, allowed });
    const url = `http://plain.example.com:${receiver.port}/`;

    expect(await send(client, url)).toMatchObject({ status: 200 });
    expect(asked).toEqual(['plain.example.com']);
    await aMoment();
    // The connection that is kept is that to the checked address: the second answer is not asked for.
    expect(await send(client, url)).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(1);
    expect(receiver.connections).toBe(1);
  });

  it('are checked again for each connection', async () => {
    const authority = aCertificateAuthority();
    const receiver = await httpsReceiver(authority.issue('hooks.example.com'), (_request, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const client = aClient({
      resolve: async () => answers.shift() ?? [],
      certificateAuthorities: authority.certificate,
      allowed: [
        { kind: 'range', address: '127.0.0.1', bits: 32, port: receiver.port },
        { kind: 'name', name: 'hooks.example.com', port: 1 },
      ],
    });
    // Only the address is allowed, so the port has to be that of https.
    const url = 'https://hooks.example.com/';

    expect(await send(client, url)).toMatchObject({ reason: 'refused_address' });
    expect(await send(client, url)).toMatchObject({ reason: 'refused_address' });
    expect(receiver.connections).toBe(0);
    expect(answers).toEqual([]);
  });

  it('are not there for a name that does not resolve', async () => {
    const fails = aClient({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    const empty = aClient({ resolve: async () => [] });

    for (const client of [fails, empty])
      expect(await send(client, 'https://hooks.example.com/')).toMatchObject({ reason: 'dns' });
  });
});

describe('TLS', () => {
  const authority = aCertificateAuthority();
  const resolve: ResolveName = async () => ['127.0.0.1'];
  const allowed: AllowedTarget[] = [
    { kind: 'name', name: 'hooks.example.com', port: null },
    { kind: 'range', address: '127.0.0.1', bits: 32, port: null },
  ];
  const trusting = () => aClient({ resolve, allowed, certificateAuthorities: authority.certificate });

  it('names the host, and accepts its certificate', async () => {
    const names: unknown[] = [];
    const receiver = await httpsReceiver(authority.issue('hooks.example.com'), (request, response) => {
      names.push((request.socket as Socket & { servername: unknown }).servername);
      response.end();
    });

    expect(await send(trusting(), `https://hooks.example.com:${receiver.port}/`)).toMatchObject({
      kind: 'answered',
      status: 200,
    });
    expect(names).toEqual(['hooks.example.com']);
  });

  it('refuses certificates of other names and authorities', async () => {
    let requests = 0;
    const other = await httpsReceiver(authority.issue('other.example.com'), () => (requests += 1));
    const foreign = await httpsReceiver(
      aCertificateAuthority('Foreign').issue('hooks.example.com'),
      () => (requests += 1),
    );
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

    for (const { port } of [other, foreign])
      expect(await send(trusting(), `https://hooks.example.com:${port}/`)).toMatchObject({
        kind: 'failed',
        reason: 'tls',
      });
    // What switches the check off elsewhere does not do it here.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(
        await send(aClient({ resolve, allowed }), `https://hooks.example.com:${other.port}/`),
      ).toMatchObject({ reason: 'tls' });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
    expect(requests).toBe(0);
  });

  it('ends at the deadline when the handshake hangs', async () => {
    const receiver = await tcpReceiver(() => undefined);
    const client = anImpatientClient({ resolve, allowed });

    expect(await send(client, `https://hooks.example.com:${receiver.port}/`)).toMatchObject({
      reason: 'timeout',
    });
    await until(() => receiver.open === 0);
  });
});

describe('a receiver that', () => {
  it('refuses the connection', async () => {
    const receiver = await tcpReceiver(() => undefined);
    await stopReceivers();

    expect(await send(aClient(), urlOf(receiver))).toMatchObject({ kind: 'failed', reason: 'connect' });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['hangs', () => undefined],
    [
      'sends its headers by the byte',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ');
        const timer = setInterval(() => socket.write('a'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s gets a deadline, and its socket is closed', async (_, onConnection) => {
    const receiver = await tcpReceiver(onConnection);
    const startedAt = performance.now();

    expect(await send(anImpatientClient(), urlOf(receiver))).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
    });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
    await until(() => receiver.open === 0);
  });

  it('sends its body by the byte is left at the deadline: the status counts', async () => {
    const receiver = await httpReceiver((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const result = await send(anImpatientClient(), urlOf(receiver));

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    await until(() => receiver.open === 0);
  });

  it.each([
    ['with a length', { 'content-length': String(50_000_000) }],
    ['without one', {}],
  ])('answers megabytes %s is left after 64 KiB: the status counts', async (_what, headers) => {
    let written = 0;
    const receiver = await httpReceiver((_request, response) => {
      response.writeHead(201, headers);
      const chunk = Buffer.alloc(100_000);
      const fill = (): void => {
        while (written < 50_000_000 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', fill);
        }
      };
      fill();
    });

    expect(await send(aClient(), urlOf(receiver))).toMatchObject({ kind: 'answered', status: 201 });
    await until(() => receiver.open === 0);
    expect(written).toBeLessThan(20_000_000);
  });

  it('closes without a status', async () => {
    const closing = await tcpReceiver((socket) => socket.once('data', () => socket.end()));
    const resetting = await tcpReceiver((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const half = await tcpReceiver((socket) => socket.once('data', () => socket.end('HTTP/1.1 200')));

    for (const receiver of [closing, resetting]) {
      expect(await send(aClient(), urlOf(receiver))).toMatchObject({ kind: 'failed', reason: 'reset' });
      expect(receiver.connections).toBe(1);
    }
    expect(await send(aClient(), urlOf(half))).toMatchObject({ kind: 'failed' });
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/1.1 2x0 OK\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['HTTP/1.1 200 OK\r\nx y\r\n\r\n'],
    ['\u0000\u0001\u0002'],
  ])('speaks no HTTP: %j', async (text) => {
    const receiver = await scripted(text);

    expect(await send(aClient(), urlOf(receiver))).toMatchObject({ reason: 'invalid_http' });
    await until(() => receiver.open === 0);
  });
});

describe('connections', () => {
  it('are used again, and are no more than the cap: what exceeds it is not sent', async () => {
    let requests = 0;
    const receiver = await httpReceiver((_request, response) => {
      requests += 1;
      setTimeout(() => response.end(), 5);
    });
    const client = aClient({ limits: { connectionsPerOrigin: 4 } });
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.all(Array.from({ length: 40 }, () => send(client, urlOf(receiver))));
      expect(results.filter(({ kind }) => kind === 'answered')).toHaveLength(4);
      expect(results.filter((result) => result.kind === 'failed' && result.reason === 'busy')).toHaveLength(
        36,
      );
    }

    expect(requests).toBe(12);
    expect(receiver.connections).toBe(4);
  });

  it('are closed with the client, and so is what runs', async () => {
    const hanging = await tcpReceiver(() => undefined);
    const idle = await httpReceiver((_request, response) => response.end());
    const lookups: ((error: Error) => void)[] = [];
    const client = aClient({
      resolve: () => new Promise((_, reject) => lookups.push(reject)),
      limits: { connectionsPerOrigin: 1 },
    });
    await send(client, urlOf(idle));
    const running = [send(client, urlOf(hanging)), send(client, 'https://dead.example.com/')];
    await until(() => hanging.open === 1);
    await client.close();

    for (const result of await Promise.all(running))
      expect(result).toMatchObject({ kind: 'failed', reason: 'closed' });
    expect(await send(client, urlOf(idle))).toMatchObject({ reason: 'closed' });
    for (const fail of lookups) fail(new Error('The name server is gone.'));
    await until(() => hanging.open + idle.open === 0);
  });
});
