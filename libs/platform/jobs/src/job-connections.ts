import { Pool, type Client, type PoolClient } from 'pg';
import type { Configuration } from '@countersign/config';
import { sidePoolSettings } from '@countersign/database';

const CONNECTIONS = 2;

/** The connections of one job queue: separate from those of requests, so that neither starves the other. */
export class JobConnections {
  private readonly pool: Pool;
  private readonly clients = new Set<PoolClient>();

  constructor(configuration: Configuration, onError: (error: Error) => void) {
    this.pool = new Pool({
      connectionString: configuration.databaseUrl,
      application_name: 'countersign-jobs',
      max: CONNECTIONS,
      ...sidePoolSettings(configuration),
    });
    this.pool.on('connect', (client) => this.clients.add(client));
    this.pool.on('remove', (client) => this.clients.delete(client));
    this.pool.on('error', onError);
  }

  /** The interface that pg-boss requires. */
  async executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    return this.pool.query(text, values);
  }

  /** Fails queries in progress; later ones open new connections. */
  cut(): void {
    for (const client of this.clients) (client as unknown as Client).connection.stream.destroy();
  }

  /** Resolves when every connection is closed, which the pool does not wait for. */
  async end(): Promise<void> {
    await this.pool.end();
    while (this.clients.size > 0) await new Promise((resolve) => this.pool.once('remove', resolve));
  }
}
