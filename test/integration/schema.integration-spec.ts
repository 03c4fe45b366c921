import { DataSource } from 'typeorm';
import { migrate, migrations } from '@countersign/database';
import { times } from '../factories';
import type { TestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';
import { useTestApp, useTestDatabase } from '../support/use-test-app';

const OBJECTS = `
  SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
  UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION SELECT extname FROM pg_extension
  ORDER BY name`;

async function objectsIn(database: TestDatabase): Promise<string[]> {
  return (await database.query<{ name: string }>(OBJECTS)).map(({ name }) => name);
}

describe('the migrations', () => {
  const database = useTestDatabase({ isEmpty: true }, { per: 'test' });
  const app = useTestApp(() => ({ database }), { per: 'test' });
  const dataSource = useFixture(() => app.nest.get(DataSource), { per: 'test' });

  it('make of an empty database what the entities describe', async () => {
    await migrate(database.directUrl);

    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();

    // The entity of toy-module.integration-spec.ts stays in the modules that files of one worker share.
    const differences = upQueries.map(({ query }) => query).filter((query) => !query.includes('"toys"'));
    expect(differences).toEqual([]);
  });

  it('leave nothing behind when they are undone, and can be run again', async () => {
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

  it('take the sessions of people along, there and back', async () => {
    await migrate(database.directUrl);
    const demo = await app.createApplication();
    const { accessToken } = await app.signIn(demo);
    const first = migrations.findIndex(({ name }) => name.startsWith('OwnIdentitiesIndex'));
    const later = migrations.length - first;
    for (let left = later; left > 0; left -= 1) await dataSource.undoLastMigration({ transaction: 'each' });
    // The service may know columns that are not there now.
    await database.query(
      `INSERT INTO sessions
       SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).* FROM sessions s`,
    );

    expect(await migrate(database.directUrl)).toHaveLength(later);

    await app.getMe(accessToken).expect(200);
    expect(await database.query('SELECT FROM sessions')).toHaveLength(2);
    await app.signIn(demo);
  });

  it('run once, however many start at the same moment', async () => {
    const runs = await Promise.all(times(5, () => migrate(database.directUrl)));

    expect(runs.filter((applied) => applied.length > 0)).toHaveLength(1);
    expect(await database.query('SELECT name FROM migrations')).toHaveLength(runs.flat().length);
  });
});
