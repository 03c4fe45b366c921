import { Client } from 'pg';
import { testServer } from './test-server';

/** A connection as superuser to the server's own database. */
export interface Administrator {
  readonly client: Client;
  release(): Promise<void>;
}

interface Shared {
  readonly url: string;
  readonly client: Promise<Client>;
  holders: number;
}

let shared: Shared | null = null;

/** One connection for all who hold it at a time: opening one costs 8 ms of CPU time. */
export async function holdAdministrator(): Promise<Administrator> {
  const { url } = testServer();
  const held = shared?.url === url ? shared : open(url);
  shared = held;
  held.holders += 1;
  const leave = (): boolean => {
    held.holders -= 1;
    if (held.holders > 0) return false;
    if (shared === held) shared = null;
    return true;
  };
  try {
    const client = await held.client;
    return {
      client,
      release: async () => {
        if (leave()) await client.end();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

export async function asAdministrator<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { client, release } = await holdAdministrator();
  try {
    return await work(client);
  } finally {
    await release();
  }
}

function open(url: string): Shared {
  const client = new Client({ connectionString: url });
  const opened = { url, client: client.connect().then(() => client), holders: 0 };
  client.on('error', () => {
    // The next who asks gets another connection.
    if (shared === opened) shared = null;
  });
  return opened;
}
