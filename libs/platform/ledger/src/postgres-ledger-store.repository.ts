import { Client, DatabaseError } from 'pg';
import type { LedgerEntry, LedgerStore } from './ledger-store';

const TIMEOUT_MS = 5_000;
const TAKEN = '23505';

const TABLE = `
  SELECT pg_advisory_xact_lock(4221771947);
  CREATE TABLE IF NOT EXISTS countersign_erasures (
    installation uuid,
    number integer,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    run uuid NOT NULL,
    "userId" uuid,
    "refersTo" integer,
    "keyId" text,
    at text NOT NULL,
    macs jsonb NOT NULL,
    PRIMARY KEY (installation, number)
  )`;

/** Runs one statement in its own connection. @param patience multiplies the time limits */
export async function ask<Row extends object>(
  connectionString: string,
  statement: string,
  values?: readonly unknown[],
  patience = 1,
): Promise<Row[]> {
  const [connectionTimeoutMillis, query_timeout] = [TIMEOUT_MS * patience, TIMEOUT_MS * patience];
  const client = new Client({ connectionString, connectionTimeoutMillis, query_timeout });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(statement, values && [...values])).rows;
  } finally {
    await client.end();
  }
}

/** The ledger as a table of a PostgreSQL database, which is in another cluster. */
export class PostgresLedgerStore implements LedgerStore {
  constructor(
    private readonly url: string,
    private readonly patience: number,
  ) {}

  async create(): Promise<void> {
    await ask(this.url, TABLE, undefined, this.patience);
  }

  async read(installation: string | null, after: number): Promise<readonly LedgerEntry[]> {
    const statement = `SELECT * FROM countersign_erasures
      WHERE number > $2 AND ($1::uuid IS NULL OR installation = $1) ORDER BY installation, number`;
    return ask<LedgerEntry>(this.url, statement, [installation, after], this.patience);
  }

  async append(entries: readonly LedgerEntry[]): Promise<boolean> {
    try {
      await this.write(
        'INSERT INTO countersign_erasures SELECT * FROM jsonb_populate_recordset(NULL::countersign_erasures, $1)',
        entries,
      );
      return true;
    } catch (error) {
      if (error instanceof DatabaseError && error.code === TAKEN) return false;
      throw error;
    }
  }

  async addMacs(entries: readonly LedgerEntry[]): Promise<void> {
    await this.write(
      `UPDATE countersign_erasures e SET macs = e.macs || added.macs
       FROM jsonb_populate_recordset(NULL::countersign_erasures, $1) AS added WHERE e.id = added.id`,
      entries,
    );
  }

  private async write(statement: string, entries: readonly LedgerEntry[]): Promise<void> {
    await ask(this.url, statement, [JSON.stringify(entries)], this.patience);
  }
}
