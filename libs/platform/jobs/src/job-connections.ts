import { Pool, type Client, type PoolClient } from 'pg';
import type { Configuration } from '@countersign/config';
import { sidePoolSettings } from '@countersign/database';
import type { SideTasks } from '@countersign/observability';

const CONNECTIONS = 2;
const TASK = 'job-queue';

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
