import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Pool, type Client } from 'pg';
import { poolSettings, sidePoolSettings } from './pool';

const ways = (['session', 'transaction'] as const).flatMap((databasePooling) => [
  ['the pool', databasePooling, poolSettings({ databasePooling, databasePoolSize: 1, patience: 1 })] as const,
  ['a side pool', databasePooling, sidePoolSettings({ databasePooling, patience: 1 })] as const,
]);

it.each(ways)(
  'a connection of %s, by %s, that fails while no one listens ends no process',
  (_, __, settings) => {
    const { Client: Pooled } = settings as { readonly Client: new () => Client };

    expect(() => new Pooled().emit('error', new Error('terminating connection'))).not.toThrow();
  },
);

it('a new connection is waited for as long as a free one', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const settings = poolSettings({ databasePooling: 'session', databasePoolSize: 1, patience: 1 });
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const pool = new Pool({ ...settings, host: '127.0.0.1', port });
  const failed = jest.fn();
  const connecting = pool.connect().catch(failed);
  const [socket] = (await accepted) as [Socket];

  jest.advanceTimersByTime(9_999);
  await new Promise(setImmediate);
  expect(failed).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  await connecting;
  expect(failed).toHaveBeenCalledTimes(1);

  jest.useRealTimers();
  socket.destroy();
  server.close();
  await once(server, 'close');
});
