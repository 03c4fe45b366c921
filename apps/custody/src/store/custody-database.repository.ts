import { Pool, type PoolClient } from 'pg';
import { isDatabaseAway, poolSettings, streamOf, together } from '@countersign/database';
import { Refused } from '@countersign/custody-protocol';
import { migrateCustody } from './migrations.sql';

/** Each socket runs one act and one reading call at a time. The work in the background needs one connection. */
const CONNECTIONS = 9;

/** The time for a free connection, and then for the transaction, in milliseconds. Callers wait longer than both. */
const CONNECTION_MS = 3_000;
const TRANSACTION_MS = 5_000;

/** A session ignores the settings of the database and role: another search path could bring foreign operators. */
const SESSION = '-c search_path=pg_catalog -c synchronous_commit=on';

/** The answer of a transaction whose last statements are sent together with the commit. A failure of one fails all. */
export class Written<T> {
  readonly writes: readonly Promise<unknown>[];

  constructor(
    readonly answer: T,
    ...writes: readonly (Promise<unknown> | null | undefined)[]
  ) {
    this.writes = writes.flatMap((write) => write ?? []);
    for (const write of this.writes) write.catch(() => undefined);
  }
}

/** A crash of the machine may lose the transaction. */
export function acceptingLoss(client: PoolClient): Promise<unknown> {
  return client.query('SET LOCAL synchronous_commit = off');
}

export class CustodyDatabase {
  private constructor(
    private readonly pool: Pool,
    private readonly patience: number,
  ) {}

  static async open(url: string, patience: number): Promise<CustodyDatabase> {
    const database = new CustodyDatabase(poolOf(url, patience, CONNECTIONS), patience);
    try {
      await database.commit(migrateCustody);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  async transaction<T>(work: (client: PoolClient) => Promise<T | Written<T>>): Promise<T> {
    try {
      return await this.commit(work);
    } catch (error) {
      throw isDatabaseAway(error) ? new Refused('away') : error;
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async commit<T>(work: (client: PoolClient) => Promise<T | Written<T>>): Promise<T> {
    const client = await this.pool.connect();
    const timer = setTimeout(() => cutOff(client), TRANSACTION_MS * this.patience);
    try {
      const [, result] = await together(client.query('BEGIN'), work(client));
      const { answer, writes } = result instanceof Written ? result : new Written(result);
      await together(...writes, client.query('COMMIT'));
      client.release();
      return answer;
    } catch (error) {
      // The connection stays usable after a refusal. Other errors may break it.
      const isSound = error instanceof Refused && (await client.query('ROLLBACK').then(Boolean, () => false));
      client.release(!isSound);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

export function poolOf(url: string, patience: number, max = 1): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'countersign-custody',
    ...poolSettings({ databasePooling: 'session', databasePoolSize: max, patience }),
    connectionTimeoutMillis: CONNECTION_MS * patience,
    options: SESSION,
  });
  return pool.on('error', () => undefined);
}

/** All statements of the connection fail at once, so each `finally` overwrites its secret. */
function cutOff(client: PoolClient): void {
  streamOf(client).destroy(new Error('Connection terminated: the transaction took too long'));
}
