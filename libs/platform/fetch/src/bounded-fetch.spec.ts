import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { boundedFetch } from './bounded-fetch';

let server: Server;
let answer: RequestListener;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function ask(timeLimitMs = 600_000): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return (await boundedFetch(`http://127.0.0.1:${port}/here`, {}, { timeLimitMs, maxBytes: 65_536 })).text();
}

describe('a bounded fetch', () => {
  it.each([301, 302, 303, 307, 308])('does not follow a redirect of status %i', async (status) => {
    answer = (_, response) => response.writeHead(status, { location: '/there' }).end();

    await expect(ask()).rejects.toThrow('fetch failed');
    expect(asked).toEqual(['/here']);
  });

  it('stops reading what is too large, and goes on without end', async () => {
    let sent = 0;
    answer = (_, response) => {
      const send = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) sent += 16_384;
        if (!response.destroyed) response.once('drain', send);
      };
      send();
    };

    await expect(ask()).rejects.toThrow('too large');
    expect(sent).toBeLessThan(50_000_000);
  });

  it('stops waiting for an answer that has begun and does not end, also after garbage was collected', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    answer = (_, response) => response.writeHead(200).write('{');
    const collecting = setInterval(collect, 20);

    await expect(ask(500)).rejects.toMatchObject({ name: 'TimeoutError' });

    clearInterval(collecting);
  });

  it('answers what was sent in the limits', async () => {
    answer = (_, response) => response.end('a'.repeat(65_536));

    expect(await ask()).toHaveLength(65_536);
  });

  it('answers that there is no content', async () => {
    answer = (_, response) => response.writeHead(204).end();

    expect(await ask()).toBe('');
  });

  it('tells a failure of the connection', async () => {
    answer = (request) => request.destroy();

    await expect(ask()).rejects.toThrow('fetch failed');
  });
});
