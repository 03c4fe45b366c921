import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GlobalConfig, ProjectConfig } from 'jest';
import { Client } from 'pg';
import { migrate } from '@countersign/database';
import { startPrivatePostgres, type PrivatePostgres } from '@countersign/private-postgres';
import { compileAhead } from '../runner/compile-ahead.cjs';
import { PooledRun } from './pooled-run';
import { TEMPLATE_DATABASE } from './test-database';
import { publishServers, type TestServer } from './test-server';

interface StartedServer extends TestServer {
  readonly postgres: PrivatePostgres;
}

declare global {
  /** What global teardown ends. */
  var testRun: { readonly servers: readonly StartedServer[]; readonly pooledRun: PooledRun | null };
}

/**
 * A disposable server for the whole run, with a migrated template that every test database is cloned from. With
 * `TEST_POOLED_POSTGRES`, a folder with `bin` in it such as /usr/lib/postgresql/15, a second one of these programs, behind
 * pgbouncer.
 */
export default async function setUp(_: GlobalConfig, projectConfig: ProjectConfig): Promise<void> {
  const programs = process.env['TEST_POOLED_POSTGRES'];
  // First: compiling is synchronous, and a log-in to PostgreSQL ends after a minute.
  await compileAhead(projectConfig);
  const [direct, second] = await Promise.all([startServer(), programs ? startServer(programs) : null]);
  const pooledRun = second && (await PooledRun.start(second.url, join(second.folder, 'postgres.log')));
  globalThis.testRun = { servers: second ? [direct, second] : [direct], pooledRun };
  const pooled = second && pooledRun ? { ...second, serviceUrl: pooledRun.urlOf(second.url) } : direct;
  publishServers({ direct, pooled });
}

/** @param programs without them, those of the package are taken. */
async function startServer(programs?: string): Promise<StartedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  const postgres = await startPrivatePostgres({
    baseDirectory: folder,
    durability: 'disposable',
    log: () => undefined,
    ...(programs ? { programs } : {}),
  });
  const { url } = postgres;
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  process.stderr.write(`PostgreSQL ${rows[0]?.version ?? ''}${programs ? ', behind pgbouncer' : ''}\n`);
  await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await client.end();
  await migrate(Object.assign(new URL(url), { pathname: `/${TEMPLATE_DATABASE}` }).href);
  return { postgres, url, serviceUrl: url, folder };
}
