import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLedger } from '@countersign/ledger';
import { startPrivatePostgres } from '@countersign/private-postgres';
import { folderApartFrom } from '../support/other-device';
import { createTestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';

const PASSWORD = 'only-for-this-test';

describe('the place of the ledger of erasures in production', () => {
  const database = useFixture(() => createTestDatabase(), { close: (made) => made.drop() });
  const folders: string[] = [];

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const folder = (made: string): string => {
    folders.push(made);
    return made;
  };
  const create = (erasureLedger: string, databaseUrl = database.directUrl) =>
    createLedger({ nodeEnv: 'production', erasureLedger, databaseDirectUrl: databaseUrl });
  const dataFolder = async (): Promise<string> => {
    const [found] = await database.query<{ data_directory: string }>('SHOW data_directory');
    return found?.data_directory ?? '';
  };
  /** A role that may do less than the superuser of the tests. */
  const asRole = async (work: (url: string) => Promise<void>): Promise<void> => {
    const role = `role_${database.name}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
    try {
      await work(Object.assign(new URL(database.directUrl), { username: role, password: PASSWORD }).href);
    } finally {
      await database.query(`DROP ROLE ${role}`);
    }
  };

  it('is not the cluster of the database', async () => {
    const other = await createTestDatabase({ isEmpty: true });
    try {
      await expect(create(other.directUrl)).rejects.toThrow('is in the same PostgreSQL cluster');
      expect(await other.query(`SELECT 1 FROM pg_class WHERE relname = 'countersign_erasures'`)).toEqual([]);
    } finally {
      await other.drop();
    }
  });

  it('may be another cluster', async () => {
    const baseDirectory = folder(mkdtempSync(join(tmpdir(), 'countersign-cluster-')));
    const { url, stop } = await startPrivatePostgres({
      ...{ baseDirectory, durability: 'disposable', log: () => undefined },
    });
    try {
      await create(url);
      await create(url);
    } finally {
      await stop();
    }
  });

  it('is not the device of the data', async () => {
    const beside = folder(mkdtempSync(join(dirname(dirname(await dataFolder())), 'ledger-')));

    await expect(create(`file://${beside}/erasures`)).rejects.toThrow(
      'is on the same device as the data of PostgreSQL',
    );
  });

  it('may be another device, which the role must be able to see', async () => {
    const ledger = `file://${folder(folderApartFrom(await dataFolder()))}/erasures`;
    await create(ledger);

    await asRole(async (url) => {
      await expect(create(ledger, url)).rejects.toThrow('run GRANT pg_read_all_settings TO');
      const { username } = new URL(url);
      await database.query(`GRANT pg_read_all_settings TO ${username}`);
      await create(ledger, url);
    });
  });
});
