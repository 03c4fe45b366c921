import { Client } from 'pg';

/** A connection as superuser to the server's own database. */
export interface Administrator {
  readonly client: Client;
  release(): Promise<void>;
}

let shared: { readonly client: Promise<Client>; holders: number } | null = null;

/** One connection for all who hold it at a time: opening one costs 8 ms of CPU time. */
export async function holdAdministrator(): Promise<Administrator> {
  const held = (shared ??= { client: connect(), holders: 0 });
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

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: serverUrl() });
  client.on('error', () => {
    // The next one who asks gets another connection.
    shared = null;
  });
  await client.connect();
  return client;
}

export function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url) throw new Error('the global setup has not run');
  return url;
}
