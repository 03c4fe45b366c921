import { extendKeyRing, generateKeyRing, KeyRing, type KeyRingDocument } from '@countersign/crypto';
import { AppError } from '@countersign/errors';
import { KeyRotation } from '@countersign/keys';
import { TestApp } from '../support/test-app';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

const SETTLED_SECONDS = 700;

describe('a key of the ring', () => {
  const template = useTestDatabase();
  const database = useFixture(() => template.copy(), { per: 'test', close: (copy) => copy.drop() });
  let app: TestApp | TestWorker | null = null;

  afterEach(async () => {
    await app?.close();
    app = null;
  });

  async function start(keys: KeyRingDocument): Promise<{ app: TestWorker; rotation: KeyRotation }> {
    const worker = await TestWorker.start({ database, keys: JSON.stringify(keys) });
    app = worker;
    return { app: worker, rotation: worker.nest.get(KeyRotation) };
  }

  async function codeOf(promise: Promise<unknown>): Promise<string> {
    const error: unknown = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof AppError ? error.code : String(error);
  }

  const checked = async (): Promise<readonly string[]> => {
    const found = await database.query<{ key_id: string }>('SELECT key_id FROM key_checks');
    return found.map(({ key_id: id }) => id);
  };

  it('is not retired soon after a third one became active', async () => {
    const before = generateKeyRing();
    const second = extendKeyRing(before, 'token');
    const third = extendKeyRing(second.document, 'token');
    const { app: service, rotation } = await start(third.document);
    await rotation.rotate(second.id);
    service.clock.advance(SETTLED_SECONDS);
    await rotation.rotate(third.id);

    expect(await codeOf(rotation.retire(before.token.active))).toBe('ring_key.too_early');
    service.clock.advance(SETTLED_SECONDS);
    await rotation.retire(before.token.active);
  });

  it('is required in the rings of the version before from its activation to its retirement', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'token');
    const { app: service, rotation } = await start(after);
    expect(await checked()).not.toContain(id);
    await rotation.rotate(id);
    expect(await checked()).toEqual(expect.arrayContaining([id, before.token.active]));

    service.clock.advance(SETTLED_SECONDS);
    await rotation.retire(before.token.active);
    expect(await checked()).toContain(id);
    expect(await checked()).not.toContain(before.token.active);
  });

  it('is not dropped when a value is sealed under it', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const service = await TestApp.start({ database, keys: JSON.stringify(after) });
    app = service;
    const { userId } = await service.signIn(await service.createApplication());
    await database.query(
      `UPDATE users SET data_key = replace(data_key, 'v1:${before.sealing.active}:', 'v1:${id}:') WHERE id = $1`,
      [userId],
    );

    await expect(service.nest.get(KeyRotation).drop(id)).rejects.toMatchObject({
      code: 'ring_key.in_use',
      options: { detail: 'They are 1 of users.data_key.' },
    });
  });

  it('is not dropped when it becomes active meanwhile', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'token');
    const { app: service, rotation } = await start(after);
    for (const key of service.nest.get(KeyRing).known('token')) await rotation.add(key);
    const holder = await database.hold(`SELECT pg_advisory_xact_lock(hashtext('countersign/ring-keys'))`);
    const dropping = codeOf(rotation.drop(id));
    try {
      await until(
        async () =>
          (
            await database.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                 AND query LIKE '%pg_advisory_xact_lock(%'`,
            )
          ).length > 0,
      );
      const setState = 'UPDATE ring_keys SET state = $2 WHERE key_id = $1';
      await holder.run(setState, [before.token.active, 'retiring']);
      await holder.run(setState, [id, 'active']);
    } finally {
      await holder.commit();
    }

    expect(await dropping).toBe('ring_key.active');
    expect(
      service.nest
        .get(KeyRing)
        .known('token')
        .map((key) => key.id),
    ).toContain(id);
  });

  it('that the version before was used with is required too', async () => {
    const before = generateKeyRing();
    const { document: after, id } = extendKeyRing(before, 'sealing');
    const { app: service, rotation } = await start(after);
    await rotation.rotate(id);
    await service.close();
    app = null;
    // That version recorded no states.
    await database.query('DELETE FROM ring_keys');

    const onlyNew = { active: id, keys: after.sealing.keys.filter((key) => key.id === id) };
    await expect(start({ ...after, sealing: onlyNew })).rejects.toThrow(
      new RegExp(`lacks the sealing key ${before.sealing.active}`),
    );
  });
});
