import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { providerFetch } from './provider-fetch';

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

async function ask(): Promise<{ status: number; text: string }> {
  const answer = await providerFetch()(`http://127.0.0.1:${(server.address() as AddressInfo).port}/here`);
  return { status: answer.status, text: await answer.text() };
}

describe('providerFetch', () => {
  it.each([301, 302, 303, 307, 308])('does not follow a redirect of status %i', async (status) => {
    answer = (_, response) => response.writeHead(status, { location: '/there' }).end();

    await expect(ask()).rejects.toMatchObject({ code: 'oidc.provider_unavailable' });
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

    await expect(ask()).rejects.toMatchObject({ code: 'oidc.provider_unavailable' });
    expect(sent).toBeLessThan(50_000_000);
  });

  it('stops waiting for an answer that has begun and does not end', async () => {
    answer = (_, response) => response.writeHead(200).write('{');

    await expect(ask()).rejects.toMatchObject({ code: 'oidc.provider_unavailable' });
  });

  it('tells a failure of the connection', async () => {
    answer = (request) => request.destroy();

    await expect(ask()).rejects.toMatchObject({ code: 'oidc.provider_unavailable', kind: 'unavailable' });
  });
});
