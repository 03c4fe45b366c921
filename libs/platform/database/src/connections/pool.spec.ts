import type { Client } from 'pg';
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
