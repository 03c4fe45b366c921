import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { startPooler, type Pooler } from '../system/support/pgbouncer';

/** Connections of the pooler to each database: far fewer than the 20 of one replica's pool. */
export const POOLED_CONNECTIONS = 3;

/** What must not go around the pooler: see "Connections" in docs/reference.md. */
const POOL = 'application_name=countersign';

/** A run of the tests in which every pool of the service goes through pgbouncer. */
export class PooledRun {
  private constructor(
    private readonly pooler: Pooler,
    /** The database in which pgbouncer tells of itself. */
    private readonly consoleUrl: string,
    private readonly serverLog: string,
  ) {}

  /** @param serverLog the file that the server at `directUrl` writes its log to. */
  static async start(directUrl: string, serverLog: string): Promise<PooledRun> {
    await ask(directUrl, `ALTER SYSTEM SET log_connections = 'on'`, 'SELECT pg_reload_conf()');
    const pooler = await startPooler(directUrl, POOLED_CONNECTIONS);
    const consoleUrl = Object.assign(new URL(pooler.urlOf(directUrl)), { pathname: '/pgbouncer' }).href;
    return new PooledRun(pooler, consoleUrl, serverLog);
  }

  urlOf(directUrl: string): string {
    return this.pooler.urlOf(directUrl);
  }

  /**
   * Ends the pooler and tells what went through it.
   * @throws Error when a pool of the service went around it.
   */
  async end(): Promise<string> {
    const transactions = await this.transactionCounts();
    await this.pooler.stop();
    const around = await this.strayConnections();
    const total = transactions.reduce((sum, count) => sum + count, 0);
    if (around.length > 0)
      throw new Error(`${around.length} connections of the service went around pgbouncer: ${around[0]}`);
    return (
      `pgbouncer, transaction mode, at most ${POOLED_CONNECTIONS} connections to a database: ${total} transactions of ` +
      `${transactions.length} databases; no pool of the service went around it.`
    );
  }

  /** Of each database that had any. */
  private async transactionCounts(): Promise<readonly number[]> {
    const rows = await ask<{ database: string; total_xact_count: string }>(this.consoleUrl, 'SHOW STATS');
    return rows
      .filter(({ database }) => database !== 'pgbouncer')
      .map((row) => Number(row.total_xact_count))
      .filter((count) => count > 0);
  }

  /**
   * Log lines of connections that a pool of the service opened directly. pgbouncer's name no application when they open. It does not know
   * the roles with few rights that the doctor is tested with.
   */
  private async strayConnections(): Promise<readonly string[]> {
    const strays: string[] = [];
    for await (const line of createInterface({ input: createReadStream(this.serverLog) }))
      if (line.includes('connection authorized:') && line.endsWith(POOL) && !line.includes(' user=doctor_'))
        strays.push(line);
    return strays;
  }
}

/** @returns the rows of the last statement. */
async function ask<Row extends object>(url: string, ...statements: readonly string[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}
