import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { generateKeyRing } from '@countersign/crypto';
import { migrate } from '@countersign/database';
import { startPrivatePostgres, type PrivatePostgres } from '@countersign/private-postgres';
import { aPerson } from '../factories';
import { Countersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import type { TestDatabase } from '../support/test-database';

const run = promisify(execFile);

describe('the drill of a lost key ring', () => {
  let folder: string;
  let postgres: PrivatePostgres | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-drill-'));
    // As root, PostgreSQL runs as another user.
    await chmod(folder, 0o755);
  });

  afterEach(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function startIn(name: string): Promise<TestDatabase> {
    postgres = await startPrivatePostgres({
      baseDirectory: join(folder, name),
      durability: 'disposable',
      log: () => undefined,
    });
    const { url } = postgres;
    return {
      url,
      directUrl: url,
      name: 'countersign',
      query: async <Row extends object>(statement: string, parameters: readonly unknown[] = []) => {
        const client = new Client({ connectionString: url });
        await client.connect();
        try {
          return (await client.query<Row>(statement, [...parameters])).rows;
        } finally {
          await client.end();
        }
      },
      copy: () => Promise.reject(new Error('not here')),
      hold: () => Promise.reject(new Error('not here')),
      drop: () => Promise.resolve(),
    };
  }

  it('starts a copy of the data folder with the keys from the escrow file, and people log in', async () => {
    const database = await startIn('original');
    await migrate(database.url);
    const keys = JSON.stringify(generateKeyRing());
    const before = await TestApp.start({ database, keys });
    const demo = await before.createApplication();
    const person = aPerson();
    const { userId } = await before.signIn(demo, person);
    const escrow = join(folder, 'escrow.json');
    await new Countersign(before).json(`keys escrow --out ${escrow}`);
    await before.close();
    await postgres?.stop();

    await run('cp', ['-a', join(folder, 'original'), join(folder, 'copy')]);
    const copied = await startIn('copy');
    const { telegram, clock } = before;
    const other = JSON.stringify(generateKeyRing());
    await expect(TestApp.start({ database: copied, keys: other, telegram, clock })).rejects.toThrow(
      'which this database was used with',
    );
    const after = await TestApp.start({
      database: copied,
      keys: await readFile(escrow, 'utf8'),
      telegram,
      clock,
    });
    const again = await after.signIn(demo, person);
    expect(again).toMatchObject({ userId, isNewUser: false });
    expect((await after.getMe(again.accessToken)).status).toBe(200);
    await after.close();
  });
});
