import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Client } from 'pg';
import { migrations } from './migrations';

export const MIGRATE_COMMAND = 'npm run --silent countersign -- migrate';

/** A number of our own for pg_advisory_lock: one migration at a time. */
const MIGRATION_LOCK = 4_221_771_946;

interface AppliedRow {
  readonly name: string;
}

/** Whether the database has every migration of this build. A schema that is ahead is accepted. */
@Injectable()
export class Schema {
  constructor(private readonly dataSource: DataSource) {}

  async missing(): Promise<readonly string[]> {
    const exists: { found: string | null }[] = await this.dataSource.query(
      `SELECT to_regclass('migrations')::text AS found`,
    );
    const applied: AppliedRow[] = exists[0]?.found
      ? await this.dataSource.query('SELECT name FROM migrations')
      : [];
    const names = new Set(applied.map(({ name }) => name));
    return migrations.map(({ name }) => name).filter((name) => !names.has(name));
  }
}

/**
 * Applies what is missing, under an advisory lock, on a connection without a pooler in between.
 * @returns the names of the migrations that were applied.
 */
export async function migrate(directUrl: string): Promise<readonly string[]> {
  const lock = new Client({ connectionString: directUrl });
  await lock.connect();
  const dataSource = new DataSource({ type: 'postgres', url: directUrl, migrations, ...SCHEMA_OPTIONS });
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.initialize();
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map(({ name }) => name);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await lock.end();
  }
}

/** Settings that the service, the migrations and the tests share. */
export const SCHEMA_OPTIONS = {
  uuidExtension: 'pgcrypto',
  installExtensions: false,
  synchronize: false,
  migrationsTableName: 'migrations',
} as const;
