import { NIL as NIL_UUID } from 'uuid';
import { DatabaseError, Pool, type PoolClient } from 'pg';
import { awayBecause, type LedgerEntry, type LedgerStore } from './ledger-store';

const TIMEOUT_MS = 5_000;
const BATCH = 1_000;
const NO_TABLE = '42P01';
const TAKEN = '23505';

const TABLE = `
  SELECT pg_advisory_xact_lock(4221771947);
  CREATE TABLE IF NOT EXISTS countersign_erasures (
    installation uuid NOT NULL,
    number integer NOT NULL,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    run uuid NOT NULL,
    user_id uuid,
    refers_to integer,
    key_id text,
    at text NOT NULL,
    macs jsonb NOT NULL,
    PRIMARY KEY (installation, number)
  )`;

const COLUMNS = `installation, number, id, kind, run, user_id AS "userId", refers_to AS "refersTo", key_id AS "keyId", at, macs`;

/** The ledger as a table of a PostgreSQL database in another cluster. */
export class PostgresLedgerStore implements LedgerStore {
  private readonly pool: Pool;

  /** @param patience multiplies the time limits */
  constructor(url: string, patience: number) {
    const limit = TIMEOUT_MS * patience;
    this.pool = new Pool({
      connectionString: url,
      application_name: 'countersign-ledger',
      max: 2,
      idleTimeoutMillis: TIMEOUT_MS,
      connectionTimeoutMillis: limit,
      query_timeout: limit,
      statement_timeout: limit,
      allowExitOnIdle: true,
    });
    this.pool.on('error', () => undefined);
  }

  async create(): Promise<void> {
    await this.run((client) => client.query(TABLE));
  }

  async *entries(installation: string | null, after: number): AsyncGenerator<readonly LedgerEntry[]> {
    let [of, number, size]: [string, number, number] = [NIL_UUID, 0, BATCH];
    while (size === BATCH) {
      const { rows } = await this.run((client) =>
        client.query<LedgerEntry>(
          `SELECT ${COLUMNS} FROM countersign_erasures
           WHERE ($1::uuid IS NULL OR installation = $1) AND number > $2 AND (installation, number) > ($3, $4)
           ORDER BY installation, number LIMIT ${BATCH}`,
          [installation, after, of, number],
        ),
      );
      if (rows.length > 0) yield rows;
      size = rows.length;
      ({ installation: of, number } = rows.at(-1) ?? { installation: of, number });
    }
  }

  async append(entries: readonly LedgerEntry[]): Promise<boolean> {
    const rows = entries.map(({ userId, refersTo, keyId, ...entry }) => ({
      ...entry,
      user_id: userId,
      refers_to: refersTo,
      key_id: keyId,
    }));
    return this.run(async (client) => {
      try {
        await client.query(
          `INSERT INTO countersign_erasures SELECT * FROM jsonb_populate_recordset(NULL::countersign_erasures, $1)`,
          [JSON.stringify(rows)],
        );
        return true;
      } catch (error) {
        if (error instanceof DatabaseError && error.code === TAKEN) return false;
        throw error;
      }
    });
  }

  async addMacs(entries: readonly Pick<LedgerEntry, 'installation' | 'number' | 'macs'>[]): Promise<void> {
    await this.run((client) =>
      client.query(
        `UPDATE countersign_erasures e SET macs = e.macs || added.macs
         FROM jsonb_to_recordset($1) AS added (installation uuid, number integer, macs jsonb)
         WHERE e.installation = added.installation AND e.number = added.number`,
        [JSON.stringify(entries)],
      ),
    );
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    let failure: Error | undefined;
    try {
      client = await this.pool.connect();
      return await work(client);
    } catch (error) {
      failure = awayBecause(error, NO_TABLE);
      throw failure;
    } finally {
      client?.release(failure);
    }
  }
}
