import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { GlobalConfig } from 'jest';
import { Client } from 'pg';
import { migrate } from '@countersign/database';
import {
  startPrivatePostgres,
  type PrivatePostgres,
  type PrivatePostgresOptions,
} from '@countersign/private-postgres';
import { PooledRun } from './pooled-run';
import { TEMPLATE_DATABASE } from './test-database';

declare global {
  var testPostgres: PrivatePostgres | undefined;
  var pooledRun: PooledRun | undefined;
}

/** One disposable server for the whole run, with a migrated template that every test database is cloned from. */
export default async function setUp({ testNamePattern }: GlobalConfig): Promise<void> {
  const baseDirectory = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  const postgres = await startPrivatePostgres({
    baseDirectory,
    durability: 'disposable',
    log: () => undefined,
    ...systemPrograms(process.env['TEST_POSTGRES_PROGRAMS']),
  });
  globalThis.testPostgres = postgres;
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  process.env['TEST_POSTGRES_FOLDER'] = baseDirectory;

  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  process.stderr.write(`PostgreSQL ${rows[0]?.version ?? ''}\n`);
  await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await client.end();
  const template = new URL(postgres.url);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  await migrate(template.href);

  if (process.env['TEST_POOLER'] !== 'pgbouncer') {
    // With `-t` a file runs some of its tests only, and says nothing of what it sends.
    if (testNamePattern) return;
    const record = join(baseDirectory, 'statements.jsonl');
    await writeFile(record, '');
    process.env['TEST_STATEMENT_RECORD'] = record;
    return;
  }
  globalThis.pooledRun = await PooledRun.start(postgres.url, join(baseDirectory, 'postgres.log'));
  process.env['TEST_POOLER_URL'] = globalThis.pooledRun.urlOf(postgres.url);
}

/** @param folder with `bin` in it, such as /usr/lib/postgresql/15; without one, the package's programs are taken. */
function systemPrograms(folder: string | undefined): Pick<PrivatePostgresOptions, 'systemPrograms'> {
  return folder ? { systemPrograms: { native: folder, version: basename(folder) } } : {};
}
