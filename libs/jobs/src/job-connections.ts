import { Pool, type Client, type PoolClient } from 'pg';
import type { Configuration } from '@countersign/config';
import { sidePoolSettings } from '@countersign/database';

const CONNECTIONS = 2;

/** The connections of one job queue: beside those of requests, so that neither takes the other's. */
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

  /** As pg-boss asks for it. */
  async executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    return this.pool.query(text, values);
  }

  /** What was asked on them fails; what is asked later opens others. */
  cut(): void {
    for (const client of this.clients) (client as unknown as Client).connection.stream.destroy();
  }

  async end(): Promise<void> {
    await this.pool.end();
  }
}
