import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from './free-port';

describe('a free port', () => {
  it('is another one each time, and none that an outgoing connection may take', async () => {
    const ports = await Promise.all(Array.from({ length: 100 }, () => freePort()));

    expect(new Set(ports).size).toBe(100);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(10_000);
      expect(port).toBeLessThan(32_000);
    }
  });

  it('is not one that is taken', async () => {
    const server = createServer().listen((await freePort()) + 1, '127.0.0.1');
    await once(server, 'listening');
    const { port: taken } = server.address() as { port: number };

    expect(await freePort()).not.toBe(taken);

    server.close();
    await once(server, 'close');
  });
});
