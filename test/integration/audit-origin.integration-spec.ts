import { AuditSeals, AuditVerifier } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { forgetOrigin, problemsOf, sealAll, verifyNow, writeRecord } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { TestWorker } from '../support/test-worker';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const FORGED_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/** The attacker may write to the database, and does not have the key ring. */
describe('the origin of the audit trail', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase({}, { per: 'test' });
  const clock = useFixture(() => new FakeClock(), { per: 'test' });
  const worker = useFixture(() => TestWorker.start({ database, keys, clock }), {
    per: 'test',
    close: (made) => made.close(),
  });

  const write = () => writeRecord(worker);

  const insertForged = (): Promise<unknown> =>
    database.query(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       SELECT occurred_at, $1, 'principal.created', 'operator:forged', '{}' FROM audit_records LIMIT 1`,
      [FORGED_ID],
    );
  const removeBlocks = async (): Promise<void> => {
    for (const table of ['audit_blocks', 'audit_block_leaves', 'audit_days'])
      await database.query(`DELETE FROM ${table}`);
  };
  const sealedIds = async (): Promise<string> => {
    const lists = await database.query<{ leaves: Buffer }>('SELECT leaves FROM audit_block_leaves');
    return lists.map(({ leaves }) => leaves.toString('hex')).join(' ');
  };
  const isSealed = async (id: string): Promise<boolean> =>
    (await sealedIds()).includes(id.replaceAll('-', ''));
  const recorded = (action: string): Promise<readonly { details: Record<string, string> }[]> =>
    database.query('SELECT details FROM audit_records WHERE action = $1', [action]);

  describe('of a new installation', () => {
    it('demands codes from the first record on, before the first block and after it', async () => {
      await write();
      await insertForged();
      await sealAll(worker);
      await sealAll(worker);

      const { problems, origin } = await verifyNow(worker);
      expect(problems).toEqual([
        expect.objectContaining({ code: 'record_inserted', recordId: FORGED_ID, block: null }),
      ]);
      expect(origin).toEqual({ beganAt: clock.now(), codesSince: null });
      expect(await isSealed(FORGED_ID)).toBe(false);
    });

    it('shows that the blocks were removed: none is sealed any more, and verification says so', async () => {
      await write();
      await sealAll(worker);
      clock.advance(2 * DAY);
      await removeBlocks();
      await database.query('DELETE FROM audit_records');
      await write();
      await insertForged();

      await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
      await expect(worker.nest.get(AuditSeals).rotateKey(false)).rejects.toMatchObject({
        code: 'audit_trail.cut',
      });
      expect(problemsOf(await verifyNow(worker))).toContain('trail_cut');
    });

    it('seals no forged record where the key was removed with the blocks', async () => {
      await write();
      await sealAll(worker);
      clock.advance(2 * DAY);
      await removeBlocks();
      await database.query('DELETE FROM audit_keys');
      await insertForged();
      await sealAll(worker);

      expect(problemsOf(await verifyNow(worker))).toEqual(['record_inserted']);
      expect(await isSealed(FORGED_ID)).toBe(false);
    });

    it('begins anew by an operator, who has a key', async () => {
      await write();
      await sealAll(worker);
      clock.advance(2 * DAY);
      await removeBlocks();
      await worker.nest.get(AuditSeals).rotateKey(true);
      await insertForged();
      await sealAll(worker);

      const { problems, origin } = await verifyNow(worker);
      expect(problems.map(({ code }) => code)).toEqual(['record_inserted']);
      expect(origin).toEqual({ beganAt: clock.now(), codesSince: null });
    });

    it('stays when the key is rotated', async () => {
      await write();
      await sealAll(worker);
      const beganAt = clock.now();
      clock.advance(DAY);
      await worker.nest.get(AuditSeals).rotateKey(false);
      await write();
      await sealAll(worker);

      expect(await verifyNow(worker)).toMatchObject({ isSound: true, origin: { beganAt, codesSince: null } });
    });
  });

  describe('of an installation of the previous version', () => {
    it('is adopted with the next block, once, and recorded', async () => {
      await write();
      await sealAll(worker);
      const beganAt = clock.now();
      // The record of the key.
      await sealAll(worker);
      await forgetOrigin(worker);
      clock.advance(3 * DAY);
      expect(problemsOf(await verifyNow(worker))).toEqual([]);
      await sealAll(worker);
      await sealAll(worker);

      const codesSince = new Date(beganAt.getTime() + DAY * 1_000);
      const verdict = await verifyNow(worker);
      expect(problemsOf(verdict)).toEqual([]);
      expect(verdict.origin).toEqual({ beganAt, codesSince });
      expect(await recorded('audit.adopted')).toEqual([
        { details: expect.objectContaining({ codesSince: codesSince.toISOString() }) as unknown },
      ]);
      await insertForged();
      await sealAll(worker);
      expect(problemsOf(await verifyNow(worker))).toEqual(['record_inserted']);
    });

    it('vouches for its key: a verifier that has the former one alone finds no problem', async () => {
      await write();
      await sealAll(worker);
      const former = await worker.nest.get(AuditSeals).publicKey();
      await forgetOrigin(worker);
      await sealAll(worker);
      await write();
      await sealAll(worker);

      expect((await worker.nest.get(AuditSeals).publicKey()).keyId).not.toBe(former.keyId);
      const verdict = await worker.nest.get(AuditVerifier).verify({ publicKeys: [former] });
      expect(problemsOf(verdict)).toEqual([]);
    });

    it('keeps records without codes that its blocks have', async () => {
      await database.query('INSERT INTO audit_adoption VALUES (1)');
      await write();
      await insertForged();
      await sealAll(worker);
      expect(await database.query('SELECT 1 FROM audit_adoption')).toEqual([]);
      clock.advance(3 * DAY);
      await write();
      await sealAll(worker);

      expect(await verifyNow(worker)).toMatchObject({ isSound: true, withoutMac: 1 });
    });

    it('is not adopted again by a row of the attacker while its key is there', async () => {
      await write();
      await sealAll(worker);
      await database.query('INSERT INTO audit_adoption VALUES (1)');
      await insertForged();
      await sealAll(worker);

      expect(problemsOf(await verifyNow(worker))).toEqual(['record_inserted']);
      expect(await recorded('audit.adopted')).toEqual([]);
    });
  });
});
