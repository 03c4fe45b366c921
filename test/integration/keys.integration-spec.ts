import { Module, type DynamicModule, type Type } from '@nestjs/common';
import {
  extendKeyRing,
  generateKeyRing,
  KEY_PURPOSES,
  KeyRing,
  type KeyPurpose,
  type KeyRingDocument,
} from '@countersign/crypto';
import { migrate } from '@countersign/database';
import { compareRing, KeyRotation, WrongKeyError } from '@countersign/keys';
import { PlaygroundModule } from '../../tools/playground/src';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
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
      const [key] = document[purpose].keys;
      const other = generateKeyRing()[purpose].keys[0];
      if (!key || !other) throw new Error('a ring has keys');
      const wrong = { ...document, [purpose]: { active: key.id, keys: [{ ...key, secret: other.secret }] } };

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
      for (const table of ['applications', 'bots', 'audit_records', 'ring_keys', 'key_checks', 'migrations'])
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
      const modules = added(
        PlaygroundModule.of({ ...settings, gatewayAddress: address, consoleUrl: address }),
      );

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

      const migrated = migrate(database.url, (manager) => compareRing(manager, ring));

      await expect(migrated).rejects.toThrow(WrongKeyError);
      expect(await written()).toEqual(before);
    });
  });

  it('lets others boot after a boot with surplus keys, and they may be left out again', async () => {
    const surplus = generateKeyRing();
    const withSurplus = (purpose: KeyPurpose) => ({
      ...document[purpose],
      keys: [...document[purpose].keys, ...surplus[purpose].keys],
    });
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

  it('wants all keys that were active once', async () => {
    let widened: KeyRingDocument = document;
    const added = new Map<string, string>();
    for (const purpose of KEY_PURPOSES) {
      const extended = extendKeyRing(widened, purpose);
      widened = extended.document;
      added.set(purpose, extended.id);
    }
    const worker = await boot(widened);
    for (const id of added.values()) await worker.nest.get(KeyRotation).rotate(id);
    await worker.close();

    for (const purpose of KEY_PURPOSES) {
      const id = added.get(purpose) ?? '';
      const onlyNew = { active: id, keys: widened[purpose].keys.filter((key) => key.id === id) };
      await expect(boot({ ...widened, [purpose]: document[purpose] })).rejects.toThrow(
        new RegExp(`lacks the ${purpose} key ${id}`),
      );
      await expect(boot({ ...widened, [purpose]: onlyNew })).rejects.toThrow(
        new RegExp(`lacks the ${purpose} key ${document[purpose].active}`),
      );
    }
    await (await boot(widened)).close();
  });

  it('stops a boot whose ring names a later key as active than the database, which may be manipulated', async () => {
    const { document: widened, id } = extendKeyRing(document, 'sealing');
    const ahead = { ...widened, sealing: { ...widened.sealing, active: id } };

    await expect(boot(ahead)).rejects.toThrow(
      `The key ring names ${id} as the active sealing key, and this database the older ${document.sealing.active}`,
    );

    const worker = await boot(widened);
    await worker.nest.get(KeyRotation).rotate(id);
    await worker.close();
    await (await boot(ahead)).close();
  });

  it('stops a boot with another secret of a key that is only known', async () => {
    const { document: widened, id } = extendKeyRing(document, 'index');
    const worker = await boot(widened);
    const ring = worker.nest.get(KeyRing);
    const [key] = ring.known('index').filter((known) => known.id === id);
    if (!key) throw new Error('the ring was extended');
    await worker.nest.get(KeyRotation).add(key);
    await worker.close();

    const other = generateKeyRing().index.keys[0]?.secret ?? '';
    const swapped = widened.index.keys.map((known) =>
      known.id === id ? { ...known, secret: other } : known,
    );
    await expect(boot({ ...widened, index: { ...widened.index, keys: swapped } })).rejects.toThrow(
      `The index key ${id} is not the one`,
    );
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

  it('answers 503 from a replica that lacks the active key, and seals nothing there', async () => {
    const app = await start(document);
    const demo = await app.createApplication();
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    expect((await app.http.get('/health/ready')).status).toBe(200);
    // As a forged heartbeat would allow.
    await database.query(`UPDATE ring_keys SET state = 'retiring' WHERE purpose = 'sealing'`);
    await database.query(`INSERT INTO ring_keys VALUES ('sealing', 'kforged', 9, 'active', 'x', now())`);
    await database.query(`SELECT pg_notify('countersign_ring_keys_changed', '')`);
    await until(async () => (await app.http.get('/health/ready')).status === 503);

    expectProblem(await app.postSignIn(body), 503, 'service.unavailable');
    expect(app.logLines.join('')).toMatch(/"level":"fatal".*lacks the sealing key kforged/);
    expect(await database.query('SELECT 1 FROM users')).toEqual([]);

    await database.query(`DELETE FROM ring_keys WHERE key_id = 'kforged'`);
    await database.query(`UPDATE ring_keys SET state = 'active' WHERE purpose = 'sealing'`);
    await database.query(`SELECT pg_notify('countersign_ring_keys_changed', '')`);
    await until(async () => (await app.http.get('/health/ready')).status === 200);
    expect((await app.postSignIn(body)).status).toBe(200);
    await app.close();
  });

  it('finds the same person under an added index key, from either ring', async () => {
    const added = generateKeyRing();
    const widened: KeyRingDocument = {
      ...document,
      index: { active: document.index.active, keys: [...document.index.keys, ...added.index.keys] },
      sealing: { active: document.sealing.active, keys: [...document.sealing.keys, ...added.sealing.keys] },
      token: { active: document.token.active, keys: [...document.token.keys, ...added.token.keys] },
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
