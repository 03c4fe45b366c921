import { once } from 'node:events';
import { createServer, get, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LateResponse } from './late-response';

describe('an answer at the end of the event loop tick', () => {
  let server: Server;

  async function listen(listener: RequestListener<never, typeof LateResponse>): Promise<number> {
    server = createServer({ ServerResponse: LateResponse }, listener as RequestListener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function ask(port: number, path = '/'): Promise<string> {
    const [response] = await once(get({ port, path, host: '127.0.0.1', agent: false }), 'response');
    return text(response);
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('goes out after what was begun meanwhile, and whole', async () => {
    const events: string[] = [];
    const port = await listen((_request, response) => {
      response.on('finish', () => events.push('written'));
      response.writeHead(200, { 'content-length': '5' });
      response.end('hello', 'utf8');
      process.nextTick(() => events.push(`ended: ${response.writableEnded}`));
    });

    await expect(ask(port)).resolves.toBe('hello');
    expect(events).toEqual(['ended: true', 'written']);
  });

  it('keeps the order of requests that come in one piece', async () => {
    const port = await listen(({ url }, response) => {
      response.end(url);
    });
    const client = connect(port, '127.0.0.1');
    client.write(['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    client.write('GET /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

    const answers = await text(client);

    expect(answers.match(/^\/\d/gm)).toEqual(['/1', '/2', '/3', '/4']);
  });

  it('does not let one connection fill a tick with requests that wait behind one another', async () => {
    const requests = 20_000;
    let handled = 0;
    const inFirstTurn = new Promise<number>((resolve) => {
      void listen((_request, response) => {
        if (handled === 0)
          setImmediate(() => {
            resolve(handled);
          });
        handled += 1;
        response.end('a'.repeat(1_000));
      }).then((port) => {
        const client = connect(port, '127.0.0.1');
        client.on('error', () => undefined);
        client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(requests));
      });
    });

    expect(await inFirstTurn).toBeLessThan(requests / 4);
  });

  it('is not cut by who closes idle connections meanwhile', async () => {
    const port = await listen((_request, response) => {
      response.end('whole');
      server.closeIdleConnections();
    });

    await expect(ask(port)).resolves.toBe('whole');
  });

  it('that cannot be written costs its own connection only', async () => {
    const port = await listen(({ url }, response) => {
      response.end(url === '/wrong' ? 5 : 'right');
    });

    const [wrong, right] = await Promise.allSettled([ask(port, '/wrong'), ask(port)]);

    expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
    expect(right).toMatchObject({ status: 'fulfilled', value: 'right' });
  });
});
