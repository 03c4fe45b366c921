import { Pool, type Client, type PoolClient } from 'pg';
import type { Configuration } from '@countersign/config';
import { sidePoolSettings } from '@countersign/database';
import type { SideTasks } from '@countersign/observability';

const CONNECTIONS = 2;
const TASK = 'job-queue';

/** The queue by which pg-boss puts scheduled jobs into their own queues. */
export const SCHEDULE_QUEUE = '__pgboss__send-it';

/** The connections of one job queue: separate from those of requests, so that neither starves the other. */
export class JobConnections {
  private readonly pool: Pool;
  private readonly clients = new Set<PoolClient>();
  private ended: Promise<void> | null = null;

  constructor(
    configuration: Configuration,
    private readonly tasks: SideTasks,
  ) {
    this.pool = new Pool({
      connectionString: configuration.databaseUrl,
      application_name: 'countersign-jobs',
      max: CONNECTIONS,
      ...sidePoolSettings(configuration),
    });
    this.pool.on('connect', (client) => this.clients.add(client));
    this.pool.on('remove', (client) => this.clients.delete(client));
    this.pool.on('error', (error) => tasks.failed(TASK, error));
  }

  /** The interface that pg-boss requires. It ignores failures to fetch a job, so that they have to be reported here. */
  async executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    try {
      const result = await this.pool.query(text, values);
      this.tasks.succeeded(TASK);
      return result;
    } catch (error) {
      if (this.ended === null) this.tasks.failed(TASK, error);
      // pg-boss 10 does not await the statement that records how a run of its own queue ended (`complete` and `fail` in
      // `watch` of manager.js): nothing would handle its rejection.
      if (values?.[0] === SCHEDULE_QUEUE && values.length === 3) return { rows: [{ count: 0 }] };
      throw error;
    }
  }

  /** Fails queries in progress, and resolves when every connection is closed, which the pool does not wait for. */
  end(): Promise<void> {
    this.ended ??= this.close();
    return this.ended;
  }

  private async close(): Promise<void> {
    for (const client of this.clients) (client as unknown as Client).connection.stream.destroy();
    await this.pool.end();
    while (this.clients.size > 0) await new Promise((resolve) => this.pool.once('remove', resolve));
  }
}
