import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type MigrationInterface } from 'typeorm';
import { Client } from 'pg';
import { Configuration } from '@countersign/runtime';
import { ColumnNames } from './columns/columns';
import { isLockTimeout } from './database.errors';
import { migrationsBeside, migrationsOf } from './migrations';
import { KEYS_IN_CUSTODY } from './migrations/first-schema/wallets.sql';
import { hasTable } from './statements/sql';

export const MIGRATE_COMMAND = 'countersign migrate';

const MIGRATION_LOCK = 4_221_771_946;

/** Building an index takes long, even if the role has the service's limits. */
const NO_LIMITS = '-c statement_timeout=0 -c idle_in_transaction_session_timeout=0';

const LOCK_TIMEOUT_MS = 2_000;
const LOCK_PAUSE_MS = 1_000;
/** About 90 seconds. */
const LOCK_ATTEMPTS = 30;

/** Tables of unused features: their personal data would outlive the erasure of the account. */
export class UnusedTablesError extends Error {
  override readonly name = 'UnusedTablesError';

  constructor(features: readonly string[]) {
    super(
      features.length === 0
        ? 'The database has no tables of features that COUNTERSIGN_USE does not name.'
        : `The database has tables of features that COUNTERSIGN_USE does not name (${features.join(', ')}): add them, or drop their tables with all that is in them: ${MIGRATE_COMMAND} --drop ${features.join()}.`,
    );
  }
}

/** Embedded wallets with money that only custody can move. */
export class KeysInCustodyError extends Error {
  override readonly name = 'KeysInCustodyError';

  constructor(count: string) {
    super(
      `Custody has the keys of ${count} embedded wallet(s) that people have not exported, or that are to be destroyed: without these tables nothing does either. Have the wallets exported or their accounts erased first.`,
    );
  }
}

/** Whether all migrations of this build and of the features in use are applied. A newer schema is accepted too. */
@Injectable()
export class Schema {
  constructor(
    private readonly dataSource: DataSource,
    private readonly configuration: Configuration,
  ) {}

  async missing(): Promise<readonly string[]> {
    const names = await appliedIn(this.dataSource);
    const wanted = migrationsOf(this.configuration.use).map(({ migration }) => migration.name);
    return wanted.filter((name) => !names.has(name));
  }

  /** The features that have tables but are not in use. */
  async unused(): Promise<readonly string[]> {
    return featuresOf(await unusedIn(this.dataSource, this.configuration.use));
  }

  /** @throws UnusedTablesError */
  async refuseUnusedTables(): Promise<void> {
    const unused = await this.unused();
    if (unused.length > 0) throw new UnusedTablesError(unused);
  }
}

interface MigrateOptions {
  /** The features as in `COUNTERSIGN_USE`; by default all. */
  readonly use?: readonly string[];
  /** Refuses the database by throwing, before anything is applied. */
  readonly check?: (manager: EntityManager) => Promise<void>;
}

/** Applies migrations, under an advisory lock and without a pooler. @returns the names of the applied migrations */
export async function migrate(
  directUrl: string,
  { use = ['all'], check }: MigrateOptions = {},
): Promise<readonly string[]> {
  const migrations = migrationsOf(use).map(({ migration }) => migration);
  return withMigrations(directUrl, migrations, async (dataSource) => {
    await check?.(dataSource.manager);
    return runPatiently(dataSource);
  });
}

/**
 * Drops the tables of all unused features. @param named the features as the operator names them
 * @throws UnusedTablesError when there are others; KeysInCustodyError
 */
export async function dropUnused(
  directUrl: string,
  use: readonly string[],
  named: readonly string[],
): Promise<void> {
  await withMigrations(directUrl, [], async (dataSource) => {
    const unused = await unusedIn(dataSource, use);
    const features = featuresOf(unused);
    if (features.toSorted().join() !== named.toSorted().join()) throw new UnusedTablesError(features);
    if (features.includes('embedded-wallets')) {
      const [keys] = await dataSource.query<{ readonly count: string }[]>(KEYS_IN_CUSTODY);
      if (keys && keys.count !== '0') throw new KeysInCustodyError(keys.count);
    }
    await dataSource.transaction(async ({ queryRunner }) => {
      if (!queryRunner) return;
      for (const { migration } of unused.toReversed()) {
        await new migration().down(queryRunner);
        await queryRunner.query('DELETE FROM migrations WHERE name = $1', [migration.name]);
      }
    });
  });
}

async function unusedIn(
  dataSource: DataSource,
  use: readonly string[],
): Promise<ReturnType<typeof migrationsBeside>> {
  const applied = await appliedIn(dataSource);
  return migrationsBeside(use).filter(({ migration }) => applied.has(migration.name));
}

function featuresOf(migrations: ReturnType<typeof migrationsBeside>): readonly string[] {
  return [...new Set(migrations.map(({ feature }) => feature))];
}

async function withMigrations<T>(
  directUrl: string,
  migrations: (new () => MigrationInterface)[],
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
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
    return await work(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await lock.end();
  }
}

/** A migration that waits for a table lock blocks every later statement on the table. So it gives up, and retries. */
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
  if (!(await hasTable(dataSource.manager, 'migrations'))) return new Set();
  const applied: { readonly name: string }[] = await dataSource.query(
    'SELECT name FROM migrations ORDER BY id',
  );
  return new Set(applied.map(({ name }) => name));
}

export const SCHEMA_OPTIONS = {
  namingStrategy: new ColumnNames(),
  uuidExtension: 'pgcrypto',
  installExtensions: false,
  synchronize: false,
  migrationsTableName: 'migrations',
} as const;
