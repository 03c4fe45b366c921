import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Client } from 'pg';
import { isLockTimeout } from './database.errors';
import { migrations } from './migrations';

export const MIGRATE_COMMAND = 'countersign migrate';

/** A number of our own for pg_advisory_lock: one migration at a time. */
const MIGRATION_LOCK = 4_221_771_946;

/** Building an index takes its time, also where the role has the service's limits. */
const NO_LIMITS = '-c statement_timeout=0 -c idle_in_transaction_session_timeout=0';

const LOCK_TIMEOUT_MS = 2_000;
const LOCK_PAUSE_MS = 1_000;
/** About a minute and a half. */
const LOCK_ATTEMPTS = 30;

interface AppliedRow {
  readonly name: string;
}

/** Whether the database has every migration of this build. A schema that is ahead is accepted. */
@Injectable()
export class Schema {
  constructor(private readonly dataSource: DataSource) {}

  async missing(): Promise<readonly string[]> {
    const names = await appliedIn(this.dataSource);
    return migrations.map(({ name }) => name).filter((name) => !names.has(name));
  }
}

/**
 * Applies what is missing, under an advisory lock, on a connection without a pooler in between.
 * @param check what may refuse the database before anything is applied, by throwing
 * @returns the names of the migrations that were applied.
 */
export async function migrate(
  directUrl: string,
  check: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> {
  const lock = new Client({
    connectionString: directUrl,
    options: `${NO_LIMITS} -c lock_timeout=0`,
  });
  await lock.connect();
  const dataSource = new DataSource({
    type: 'postgres',
    url: directUrl,
    migrations,
    ...SCHEMA_OPTIONS,
    extra: { options: `${NO_LIMITS} -c lock_timeout=${LOCK_TIMEOUT_MS}` },
  });
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.initialize();
    await check(dataSource.manager);
    return await runPatiently(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await lock.end();
  }
}

/**
 * A migration that waits for a table lock blocks every later statement on it, and a backup may hold the table
 * for long: so the migration gives up the lock request, and retries.
 */
async function runPatiently(dataSource: DataSource): Promise<readonly string[]> {
  const before = await appliedIn(dataSource);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dataSource.runMigrations({ transaction: 'each' });
      return [...(await appliedIn(dataSource))].filter((name) => !before.has(name));
    } catch (error) {
      if (!isLockTimeout(error) || attempt === LOCK_ATTEMPTS) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

async function appliedIn(dataSource: DataSource): Promise<ReadonlySet<string>> {
  const exists: { found: string | null }[] = await dataSource.query(
    `SELECT to_regclass('migrations')::text AS found`,
  );
  const applied: AppliedRow[] = exists[0]?.found
    ? await dataSource.query('SELECT name FROM migrations ORDER BY id')
    : [];
  return new Set(applied.map(({ name }) => name));
}

/** Settings that the service, the migrations and the tests share. */
export const SCHEMA_OPTIONS = {
  uuidExtension: 'pgcrypto',
  installExtensions: false,
  synchronize: false,
  migrationsTableName: 'migrations',
} as const;
