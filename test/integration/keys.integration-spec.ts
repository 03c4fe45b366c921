import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { generateKeyRing, KeyRing, type KeyPurpose, type KeyRingDocument } from '@countersign/crypto';
import { migrate } from '@countersign/database';
import { compareRing, WrongKeyError } from '@countersign/keys';
import { PlaygroundModule } from '../../tools/playground/src';
import { aPerson } from '../factories';
import { TestApp } from '../support/test-app';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

@Module({})
class Additions {}

/** As a launcher adds it: the hook runs before those of the product, since it is deeper. */
function added(module: Type | DynamicModule): readonly DynamicModule[] {
  return [{ module: Additions, imports: [module] }];
}

describe('the key ring of a database', () => {
  const document = generateKeyRing();

  const used = useTestDatabase();
  beforeAll(async () => {
    const worker = await TestWorker.start({ database: used, keys: JSON.stringify(document) });
    await worker.close();
  });
  const database = useFixture(() => used.copy(), { per: 'test', close: (copy) => copy.drop() });

  function start(keys: KeyRingDocument): Promise<TestApp> {
    return TestApp.start({ database, keys: JSON.stringify(keys) });
  }

  function boot(keys: KeyRingDocument): Promise<TestWorker> {
    return TestWorker.start({ database, keys: JSON.stringify(keys) });
  }

  it('lets the same keys boot again', async () => {
    const app = await start(document);

    expect((await app.http.get('/health/ready')).status).toBe(200);
    await app.close();
  });

  it.each(['sealing', 'index', 'token'] as const)(
    'stops a boot with another %s key under a known id',
    async (purpose) => {
      const [key] = document[purpose];
      const other = generateKeyRing()[purpose][0];
      if (!key || !other) throw new Error('a ring has keys');
      const wrong = { ...document, [purpose]: [{ ...key, secret: other.secret }] };

      const booted = boot(wrong);

      await expect(booted).rejects.toThrow(WrongKeyError);
      await expect(booted).rejects.toThrow(new RegExp(`${purpose} key ${key.id}`));
      await expect(booted).rejects.not.toThrow(new RegExp(other.secret));
    },
  );

  it('stops a boot without a key that was used, and remembers nothing of the wrong ring', async () => {
    await expect(start(generateKeyRing())).rejects.toThrow(WrongKeyError);

    const worker = await boot(document);
    await worker.close();
  });

  describe('while another module writes in its own hook', () => {
    async function written(): Promise<unknown> {
      const rows: unknown[] = [];
      for (const table of ['applications', 'bots', 'audit_records', 'key_checks', 'migrations'])
        rows.push(await database.query(`SELECT * FROM ${table} ORDER BY 1`));
      return rows;
    }

    it('stops a boot with another ring before the playground has changed anything', async () => {
      const app = await start(document);
      const { applicationId, botToken } = await app.createApplication();
      await app.close();
      const before = await written();
      const address = 'http://127.0.0.1:3000';
      const { telegram } = app;
      const settings = { applicationId, botToken, telegram, address };
      const modules = added(PlaygroundModule.of({ ...settings, consoleUrl: address }));

      const booted = TestWorker.start({ database, keys: JSON.stringify(generateKeyRing()), modules });

      await expect(booted).rejects.toThrow(WrongKeyError);
      expect(await written()).toEqual(before);
      // With the right ring it changes them.
      const worker = await TestWorker.start({ database, keys: JSON.stringify(document), modules });
      await worker.close();
      expect(await written()).not.toEqual(before);
    });

    it('applies no migration for another ring', async () => {
      await database.query('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
      const before = await written();
      const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));

      const migrated = migrate(database.url, { check: (manager) => compareRing(manager, ring) });

      await expect(migrated).rejects.toThrow(WrongKeyError);
      expect(await written()).toEqual(before);
    });
  });

  it('lets others boot after a boot with surplus keys, and they may be left out again', async () => {
    const surplus = generateKeyRing();
    const withSurplus = (purpose: KeyPurpose) => [...document[purpose], ...surplus[purpose]];
    const widened = {
      ...document,
      sealing: withSurplus('sealing'),
      index: withSurplus('index'),
      token: withSurplus('token'),
    };
    const mistaken = await start(widened);
    const demo = await mistaken.createApplication();
    const person = aPerson();
    const { userId, accessToken } = await mistaken.signIn(demo, person);
    await mistaken.close();

    const { telegram, clock } = mistaken;
    const app = await TestApp.start({ database, keys: JSON.stringify(document), telegram, clock });
    expect((await app.http.get('/health/ready')).status).toBe(200);
    expect((await app.getMe(accessToken)).status).toBe(200);
    expect((await app.signIn(demo, person)).userId).toBe(userId);
    await app.close();
  });

  it('stops a process whose database shows only later that the keys are wrong', async () => {
    const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
    await database.query('ALTER TABLE key_checks RENAME TO hidden');
    const worker = await boot(generateKeyRing());
    await database.query('ALTER TABLE hidden RENAME TO key_checks');

    await until(() => kill.mock.calls.some(([pid, signal]) => pid === process.pid && signal === 'SIGTERM'));
    expect(worker.logLines.join('')).toMatch(/"level":"fatal".*which this database was used with/);

    kill.mockRestore();
    await worker.close();
  });

  it('finds the same person under an added index key, from either ring', async () => {
    const added = generateKeyRing();
    const widened: KeyRingDocument = {
      ...document,
      index: [...document.index, ...added.index],
      sealing: [...document.sealing, ...added.sealing],
      token: [...document.token, ...added.token],
    };
    const before = await start(document);
    const demo = await before.createApplication();
    const person = aPerson();
    const first = await before.signIn(demo, person);
    const { telegram, clock } = before;

    const after = await TestApp.start({ database, keys: JSON.stringify(widened), telegram, clock });
    expect((await after.signIn(demo, person)).userId).toBe(first.userId);
    expect((await after.getMe(first.accessToken)).status).toBe(200);
    expect((await after.refresh(first.refreshToken)).status).toBe(200);
    const newUser = aPerson();
    const [late, early] = await Promise.all([after.signIn(demo, newUser), before.signIn(demo, newUser)]);
    expect(late.userId).toBe(early.userId);
    const [digests] = await database.query<{ per_identity: number }>(
      `SELECT min(n)::int AS per_identity FROM (SELECT count(*) AS n FROM identity_digests GROUP BY identity_id) AS counts`,
    );
    expect(digests?.per_identity).toBeGreaterThanOrEqual(1);
    expect((await after.signIn(demo, newUser)).userId).toBe(late.userId);

    await before.close();
    await after.close();
  });
});
