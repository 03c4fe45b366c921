import { once } from 'node:events';
import { createServer } from 'node:net';
import { Leftovers } from './leftovers.cjs';

/** Each leaves something behind, and returns what ends it. */
const leaks: Readonly<Record<string, () => Promise<() => unknown>>> = {
  Timeout: async () => {
    const timer = setInterval(() => undefined, 60_000);
    return async () => clearInterval(timer);
  },
  TCPServerWrap: async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    return () => new Promise((resolve) => server.close(resolve));
  },
};

describe('the runner of tests', () => {
  it.each(Object.entries(leaks))('finds an open %s, and nothing once it has ended', async (name, leak) => {
    const mocks = { spies: [], hasFakeTimers: false };
    const before = new Leftovers(100);
    const end = await leak();
    await expect(before.check(mocks)).rejects.toThrow(`leaves behind: an open ${name}`);
    await end();
    await expect(before.check(mocks)).resolves.toBeUndefined();
  });

  it('finds another function, and puts it back', async () => {
    const before = new Leftovers(100);
    const { fetch: real } = globalThis;
    globalThis.fetch = () => Promise.reject(new Error('no network'));
    await expect(before.check({ spies: [], hasFakeTimers: false })).rejects.toThrow('another fetch');
    expect(globalThis.fetch).toBe(real);
  });
});
