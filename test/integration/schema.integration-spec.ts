import { DataSource } from 'typeorm';
import { generateKeyRing } from '@countersign/crypto';
import { migrate, migrations } from '@countersign/database';
import { times } from '../factories';
import { RingStates } from '@countersign/keys';
import { aSteppedUp, linkWallet, walletSession } from '../support/linked-wallets';
import { TestApp } from '../support/test-app';
import type { TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { useTestDatabase } from '../support/use-test-app';
import { ALL_KINDS, anEvmWallet, SITE } from '../support/wallets';

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

      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();

      // The entity of toy-module.integration-spec.ts stays in the modules that files of one worker share.
      const differences = upQueries.map(({ query }) => query).filter((query) => !query.includes('"toys"'));
      expect(differences).toEqual([]);
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

  it('take the sessions of people along, there and back', async () => {
    const app = await TestApp.start({ database });
    try {
      const dataSource = app.nest.get(DataSource);
      await migrate(database.directUrl);
      await app.nest.get(RingStates).verify();
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
    } finally {
      await app.close();
    }
  });

  it('let no contract wallet sign in that did not found its account, and keep the message of Metapro', async () => {
    const app = await TestApp.start({ database });
    try {
      const dataSource = app.nest.get(DataSource);
      await migrate(database.directUrl);
      await app.nest.get(RingStates).verify();
      const demo = await app.createApplication({
        origins: [SITE],
        settings: { wallets: { kinds: ALL_KINDS, createsAccounts: true } },
      });
      await walletSession(app, demo, anEvmWallet());
      await linkWallet(await aSteppedUp(app, demo), anEvmWallet());
      await app.database.query(`UPDATE wallets SET chain_id = 'eip155:1'`);
      await app.database.query(`UPDATE applications SET settings = settings #- '{wallets,kinds}'`);
      const later = migrations.length - migrations.findIndex(({ name }) => name.startsWith('UsesOfWallets'));
      for (let left = later; left > 0; left -= 1) await dataSource.undoLastMigration({ transaction: 'each' });

      await migrate(database.directUrl);

      expect(
        await database.query(
          `SELECT w.sign_in_allowed_at IS NOT NULL AS "signsIn", i.attached_at IS NULL AS "isFounding"
           FROM wallets w JOIN identities i ON i.id = w.identity_id ORDER BY w.id`,
        ),
      ).toEqual([
        { signsIn: true, isFounding: true },
        { signsIn: false, isFounding: false },
      ]);
      const [settings] = await database.query(`SELECT settings #> '{wallets}' AS wallets FROM applications`);
      expect(settings).toEqual({ wallets: { kinds: ALL_KINDS, createsAccounts: true } });
    } finally {
      await app.close();
    }
  });

  it('run once, however many start at the same moment', async () => {
    const runs = await Promise.all(times(5, () => migrate(database.directUrl)));

    expect(runs.filter((applied) => applied.length > 0)).toHaveLength(1);
    expect(await database.query('SELECT name FROM migrations')).toHaveLength(runs.flat().length);
  });
});
