import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '@countersign/database';
import { startPrivatePostgres, type PrivatePostgres } from '@countersign/private-postgres';
import { publishServers } from '../support/test-server';

const TEMPLATE = 'simulator_template';

/** One disposable PostgreSQL for all histories of a run, with a migrated template. */
export class DatabaseServer {
  private constructor(
    private readonly postgres: PrivatePostgres,
    private readonly client: Client,
  ) {}

  static async start(): Promise<DatabaseServer> {
    const baseDirectory = await mkdtemp(join(tmpdir(), 'countersign-simulator-'));
    const postgres = await startPrivatePostgres({
      baseDirectory,
      durability: 'disposable',
      log: () => undefined,
    });
    const client = await connected(postgres.url);
    const url = { url: postgres.url, serviceUrl: postgres.url, folder: baseDirectory };
    publishServers({ pooled: url, direct: url });
    const server = new DatabaseServer(postgres, client);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(server.urlOf(TEMPLATE));
    return server;
  }

  urlOf(name: string): string {
    return Object.assign(new URL(this.postgres.url), { pathname: `/${name}` }).href;
  }

  /** A copy of a database to which nothing is connected. */
  async create(name: string, template: string | null = TEMPLATE): Promise<void> {
    await this.drop(name);
    const source = template === null ? '' : ` TEMPLATE ${template} STRATEGY FILE_COPY`;
    await this.client.query(`CREATE DATABASE ${name}${source}`);
  }

  async drop(name: string): Promise<void> {
    await this.client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.postgres.stop();
  }
}

export async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
