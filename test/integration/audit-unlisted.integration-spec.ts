import { randomUUID } from 'node:crypto';
import { AuditSealer } from '@countersign/audit';
import { packLeaves, unpackLeaves } from '@countersign/audit/testing';
import { generateKeyRing } from '@countersign/crypto';
import { Metrics } from '@countersign/observability';
import { problemsOf, sealAll, verifyNow, writeRecord } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { TestWorker } from '../support/test-worker';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

const MINUTES = 60;

/** The attacker may write to the database, hides a record from the sealing job, and wants to remove it later. */
describe('a record that is hidden from the sealing job', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase({}, { per: 'test' });
  const clock = useFixture(() => new FakeClock(), { per: 'test' });
  const worker = useFixture(() => TestWorker.start({ database, keys, clock }), {
    per: 'test',
    close: (made) => made.close(),
  });
  const subject = 'hidden';

  const write = (subject: string) => writeRecord(worker, subject);

  const secondsUnsealed = async (): Promise<number> =>
    Number(
      /^countersign_audit_unsealed_seconds\{[^}]*\} (\S+)$/m.exec(
        await worker.nest.get(Metrics).expose(),
      )?.[1],
    );
  const hiddenId = async (): Promise<string> => {
    const [found] = await database.query<{ id: string }>('SELECT id FROM audit_records WHERE subject = $1', [
      subject,
    ]);
    return found?.id ?? '';
  };
  /** The blocks that list it. */
  const blocksOf = async (id: string): Promise<readonly number[]> => {
    const lists = await database.query<{ block: number; leaves: Buffer }>(
      'SELECT block, leaves FROM audit_block_leaves ORDER BY block',
    );
    return lists
      .filter(({ leaves }) => (unpackLeaves(leaves) ?? []).some((entry) => entry.id === id))
      .map(({ block }) => block);
  };

  beforeEach(async () => {
    await write('first');
    await sealAll(worker);
    await write(subject);
  });

  /** Sealed within minutes, so that its removal shows. */
  async function expectFound(): Promise<void> {
    clock.advance(3 * MINUTES);
    await worker.nest.get(AuditSealer).run();
    const id = await hiddenId();
    expect(await blocksOf(id)).toHaveLength(1);
    expect(problemsOf(await verifyNow(worker))).toEqual([]);
    await database.query('DELETE FROM audit_records WHERE id = $1', [id]);
    expect((await verifyNow(worker)).problems).toEqual([
      expect.objectContaining({ code: 'record_missing', recordId: id }),
    ]);
  }

  it.each(['0', '-1', '9000000000000000000'])('by the transaction %s is sealed', async (xid) => {
    await database.query('UPDATE audit_records SET xid = $1 WHERE subject = $2', [xid, subject]);
    if (Number(xid) <= 0) {
      await sealAll(worker);
      expect(await blocksOf(await hiddenId())).toEqual([]);
    }

    await expectFound();
  });

  it('by a transaction that stays open is sealed', async () => {
    const open = await database.hold('SELECT pg_current_xact_id()');
    try {
      await database.query(
        'UPDATE audit_records SET xid = pg_current_xact_id()::text::bigint WHERE subject = $1',
        [subject],
      );
      await worker.nest.get(AuditSealer).run();
      expect(await blocksOf(await hiddenId())).toEqual([]);

      await expectFound();
    } finally {
      await open.commit();
    }
  });

  it('by a day that is closed before its end is sealed', async () => {
    await database.query('UPDATE audit_days SET is_closed = true, sealed_below = 1, closing_below = 1');
    await sealAll(worker);
    expect(await blocksOf(await hiddenId())).toEqual([]);

    await expectFound();
  });

  it('by a list that was changed is sealed, and the list is logged', async () => {
    const id = await hiddenId();
    const [list] = await database.query<{ leaves: Buffer }>(
      'SELECT leaves FROM audit_block_leaves WHERE block = 1',
    );
    const genuine = list?.leaves ?? Buffer.alloc(0);
    const setList = (leaves: Buffer): Promise<unknown> =>
      database.query('UPDATE audit_block_leaves SET leaves = $1 WHERE block = 1', [leaves]);
    await setList(Buffer.concat([genuine, packLeaves([{ id, leaf: Buffer.alloc(32) }])]));
    await sealAll(worker);
    expect(await blocksOf(id)).toEqual([1]);

    clock.advance(3 * MINUTES);
    await sealAll(worker);
    expect(worker.logLines.some((line) => line.includes('its list of records, was changed'))).toBe(true);
    await setList(genuine);

    expect(await blocksOf(id)).toHaveLength(1);
    expect(problemsOf(await verifyNow(worker))).toEqual([]);
  });

  it('by its id in the place of another, in the list of a genuine block, is sealed', async () => {
    const id = await hiddenId();
    const [list] = await database.query<{ leaves: Buffer }>(
      'SELECT leaves FROM audit_block_leaves WHERE block = 1',
    );
    const genuine = list?.leaves ?? Buffer.alloc(0);
    const setList = (leaves: Buffer): Promise<unknown> =>
      database.query('UPDATE audit_block_leaves SET leaves = $1 WHERE block = 1', [leaves]);
    const exchanged = (unpackLeaves(genuine) ?? []).map(({ leaf }, index) => ({
      id: index === 0 ? id : randomUUID(),
      leaf,
    }));
    await setList(packLeaves(exchanged));
    clock.advance(3 * MINUTES);
    await sealAll(worker);
    await setList(genuine);

    expect(await blocksOf(id)).toHaveLength(1);
    await expectFound();
  });

  it('by the lock of the blocks shows in the metric for as long as it is held, and is logged', async () => {
    const held = await database.hold(`SELECT pg_advisory_xact_lock(hashtext('countersign/audit-seals'))`);
    try {
      for (let minute = 1; minute <= 120; minute += 1) {
        clock.advance(MINUTES);
        if (minute % 20 === 0) expect(await worker.nest.get(AuditSealer).run()).toEqual([]);
      }
      expect(await secondsUnsealed()).toBeGreaterThanOrEqual(119 * MINUTES);
      expect(worker.logLines.some((line) => line.includes('another session holds the lock'))).toBe(true);
    } finally {
      await held.commit();
    }
    await sealAll(worker);
    expect(await secondsUnsealed()).toBe(0);
  });

  it('by a forged block at the end stops the sealing', async () => {
    const id = await hiddenId();
    await database.query(
      `INSERT INTO audit_blocks (number, day, record_count, first_at, first_id, last_at, last_id, root, previous, sealed_at,
         key_id, signature)
       SELECT 1000, day, 1, first_at, first_id, last_at + interval '1 hour', last_id, root, sha256(root), sealed_at, key_id,
         signature FROM audit_blocks ORDER BY number DESC LIMIT 1`,
    );
    await database.query(
      `INSERT INTO audit_block_leaves
       SELECT 1000, day, first_at, last_at, lowest_xid, highest_xid, $1 FROM audit_block_leaves LIMIT 1`,
      [packLeaves([{ id, leaf: Buffer.alloc(32) }])],
    );

    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
    clock.advance(20 * MINUTES);
    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
    expect(await secondsUnsealed()).toBeGreaterThanOrEqual(19 * MINUTES);
  });
});
