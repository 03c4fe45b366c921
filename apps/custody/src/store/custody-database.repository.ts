import { Pool, type PoolClient } from 'pg';
import { isDatabaseAway, poolSettings, streamOf, together } from '@countersign/database';
import { Refused } from '@countersign/custody-protocol';
import { migrateCustody } from './migrations.sql';

/** One for the act and one for the reading call of each socket that run, one for the work in the background. */
const CONNECTIONS = 9;

/** For a free connection, and from there for the whole transaction, in milliseconds: together less than callers wait. */
const CONNECTION_MS = 3_000;
const TRANSACTION_MS = 5_000;

/** Settings of the database and of the role do not reach a session: another search path could bring foreign operators. */
const SESSION = '-c search_path=pg_catalog -c synchronous_commit=on';

/** What a transaction answers once its last statements, which are sent with the commit, have not failed. */
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

/** The transaction may be lost with the machine. */
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
      // A refusal leaves a sound connection. Others may not have.
      const isSound = error instanceof Refused && (await client.query('ROLLBACK').then(Boolean, () => false));
      client.release(!isSound);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Connections that no setting of the database or role reaches. */
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

/** All statements of the connection fail at once, so that each secret of the transaction is overwritten by its own `finally`. */
function cutOff(client: PoolClient): void {
  streamOf(client).destroy(new Error('Connection terminated: the transaction took too long'));
}
