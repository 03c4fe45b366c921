import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { generateKeyRing } from '@countersign/crypto';
import { dropUnused, KeysInCustodyError, migrate, UnusedTablesError } from '@countersign/database';
import { migrations, type FeatureMigration } from '@countersign/database/testing';
import { times } from '../factories';
import type { TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { useTestDatabase } from '../support/use-test-app';

const OBJECTS = `
  SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
  UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION SELECT extname FROM pg_extension
  ORDER BY name`;

async function objectsIn(database: TestDatabase): Promise<string[]> {
  const found = await database.query<{ name: string }>(OBJECTS);
  // Partitions of days are made by a service that runs.
  return found.map(({ name }) => name).filter((name) => !/_\d{8}(_|$)/.test(name));
}

/** Of tables and columns: constraints and indexes are in the migrations alone. */
const CONSTRAINT =
  /^(?:DROP INDEX|CREATE (?:UNIQUE )?INDEX|ALTER TABLE "\w+" (?:ADD|DROP|RENAME) CONSTRAINT) /;

/** Statements that would bring the tables to what the entities describe. */
async function differencesOf(dataSource: DataSource): Promise<readonly string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return (
    upQueries
      .map(({ query }) => query)
      // The entity of toy-module.integration-spec.ts stays in the modules that files of one worker share.
      .filter((query) => !query.includes('"toys"') && !CONSTRAINT.test(query))
  );
}

describe('the migrations', () => {
  const database = useTestDatabase({ isEmpty: true }, { per: 'test' });

  /** Gives `work` the data source of a service that was started on the empty database. */
  async function withDataSource(work: (dataSource: DataSource) => Promise<void>): Promise<void> {
    const worker = await TestWorker.start({ database, keys: JSON.stringify(generateKeyRing()) });
    try {
      await work(worker.nest.get(DataSource));
    } finally {
      await worker.close();
    }
  }

  it('make of an empty database what the entities describe', async () => {
    await withDataSource(async (dataSource) => {
      await migrate(database.directUrl);

      expect(await differencesOf(dataSource)).toEqual([]);
    });
  });

  it('leave nothing behind when they are undone, and can be run again', async () => {
    await withDataSource(async (dataSource) => {
      const before = await objectsIn(database);
      const applied = await migrate(database.directUrl);
      const after = await objectsIn(database);

      for (let left = applied.length; left > 0; left -= 1)
        await dataSource.undoLastMigration({ transaction: 'each' });
      await database.query('DROP TABLE migrations');

      expect(applied.length).toBeGreaterThan(0);
      expect(await objectsIn(database)).toEqual(before);
      expect(await migrate(database.directUrl)).toEqual(applied);
      expect(await objectsIn(database)).toEqual(after);
    });
  });

  it('refuse a database of an earlier build, and change nothing in it', async () => {
    await migrate(database.directUrl);
    const before = await objectsIn(database);
    await database.query(`DELETE FROM migrations WHERE name NOT LIKE 'FirstLogin%'`);
    await database.query(`UPDATE migrations SET name = 'FirstSchema1796400000000'`);

    await expect(migrate(database.directUrl)).rejects.toThrow('an earlier build (FirstSchema1796400000000)');

    expect(await objectsIn(database)).toEqual(before);
  });

  it('add the tables of a feature later, and drop them when the operator names exactly what is not in use', async () => {
    await migrate(database.directUrl, { use: ['none'] });
    const alone = await objectsIn(database);

    expect(await migrate(database.directUrl, { use: ['webhooks', 'teams'] })).toEqual([
      expect.stringMatching(/^FirstTeams\d+$/),
      expect.stringMatching(/^FirstWebhooks\d+$/),
    ]);
    const drop = (use: readonly string[], named: readonly string[]) =>
      dropUnused(database.directUrl, use, named);
    await expect(drop(['none'], ['webhooks'])).rejects.toThrow(new UnusedTablesError(['teams', 'webhooks']));
    await expect(drop(['webhooks'], ['webhooks'])).rejects.toThrow(new UnusedTablesError(['teams']));
    await drop(['none'], ['webhooks', 'teams']);

    expect(await objectsIn(database)).toEqual(alone);
    expect(await migrate(database.directUrl, { use: ['none'] })).toEqual([]);
    await expect(drop(['none'], ['webhooks'])).rejects.toThrow(new UnusedTablesError([]));
    expect(await migrate(database.directUrl, { use: ['webhooks'] })).toHaveLength(1);
  });

  it('are dropped with all later ones of their feature', async () => {
    class TeamMottos1899000000000 implements MigrationInterface {
      up = (runner: QueryRunner) => runner.query('ALTER TABLE teams ADD COLUMN motto text');
      down = (runner: QueryRunner) => runner.query('ALTER TABLE teams DROP COLUMN motto');
    }
    const all = migrations as FeatureMigration[];
    const ofTeams = all.filter(({ feature }) => feature === 'teams').length;
    all.push({ feature: 'teams', migration: TeamMottos1899000000000 });
    try {
      expect(await migrate(database.directUrl, { use: ['teams'] })).toContain('TeamMottos1899000000000');
      await expect(dropUnused(database.directUrl, [], [])).rejects.toThrow(new UnusedTablesError(['teams']));
      await dropUnused(database.directUrl, [], ['teams']);
      expect(await migrate(database.directUrl, { use: ['teams'] })).toHaveLength(ofTeams + 1);
    } finally {
      all.pop();
    }
  });

  it('are not dropped while custody has keys of wallets that were not exported', async () => {
    await migrate(database.directUrl, { use: ['wallets', 'embedded-wallets', 'profiles'] });
    await database.query(
      `INSERT INTO wallet_destructions (wallet_id, call_id, requested_at) VALUES ($1, $1, now())`,
      ['0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'],
    );

    const dropping = dropUnused(database.directUrl, ['wallets', 'profiles'], ['embedded-wallets']);
    await expect(dropping).rejects.toThrow(new KeysInCustodyError('1'));
  });

  it('run once, however many start at the same moment', async () => {
    const runs = await Promise.all(times(5, () => migrate(database.directUrl)));

    expect(runs.filter((applied) => applied.length > 0)).toHaveLength(1);
    expect(await database.query('SELECT name FROM migrations')).toHaveLength(runs.flat().length);
  });
});
