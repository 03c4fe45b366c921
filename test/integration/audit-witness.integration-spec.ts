import { LedgerReplay } from '@countersign/account';
import { AuditSeals, AuditService, AuditWitness } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { problemsOf, sealAll, verifyNow } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { aFileLedger } from '../support/ledger-cases';
import { Countersign } from '../support/run-countersign';
import { TestWorker } from '../support/test-worker';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

/** The attacker may write to the database, has no key ring, and does not reach the ledger. */
describe('the end of the audit trail, beside the ledger of erasures', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase({}, { per: 'test' });
  const clock = useFixture(() => new FakeClock(), { per: 'test' });
  const ledger = useFixture(aFileLedger, { per: 'test', close: (one) => one.drop() });
  const environment = () => ({ ERASURE_LEDGER: ledger.url });
  const start = () => TestWorker.start({ database, keys, clock, environment: environment() });
  const worker = useFixture(start, { per: 'test', close: (made) => made.close() });

  async function write(): Promise<void> {
    const audit = worker.nest.get(AuditService);
    await audit.prepare();
    await worker.nest
      .get(Database)
      .transaction((tx) => audit.record(tx, 'job.run_requested', { actor: 'system' }));
  }
  const witness = (): Promise<number | null> => worker.nest.get(AuditWitness).run();
  /** The last block, with its records. */
  const cutEnd = async (): Promise<void> => {
    await database.query(
      `DELETE FROM audit_records USING audit_block_leaves, generate_series(0, length(leaves) / 48 - 1) AS entry
       WHERE block = 2 AND id = encode(substring(leaves FROM entry * 48 + 1 FOR 16), 'hex')::uuid`,
    );
    await database.query('DELETE FROM audit_block_leaves WHERE block = 2');
    await database.query('DELETE FROM audit_blocks WHERE number = 2');
  };

  beforeEach(async () => {
    await write();
    await sealAll(worker);
    await write();
    await sealAll(worker);
    await witness();
  });

  it('matches, and is compared by each verification', async () => {
    expect(await verifyNow(worker)).toMatchObject({ isSound: true, ledger: 'matches' });
    await write();
    await sealAll(worker);
    expect(await verifyNow(worker)).toMatchObject({ isSound: true, ledger: 'matches' });
    expect(await witness()).toBe(3);
    const { output } = await new Countersign(worker, environment()).run('audit verify');
    expect(output).toContain('the newest block that it knows is there');
    expect(output).toMatch(/verified before +sound at 20\S+, by /);
    expect(output).toContain('from the first record on');
  });

  it('shows that it was cut, and is not overwritten when the trail grows again', async () => {
    await cutEnd();
    expect(problemsOf(await verifyNow(worker))).toEqual(['ledger_differs 2']);
    clock.advance(1);
    await write();
    await sealAll(worker);

    expect(await witness()).toBeNull();
    expect(problemsOf(await verifyNow(worker))).toEqual(['ledger_differs 2']);
    expect(worker.logLines.some((line) => line.includes('ledger_differs'))).toBe(true);
  });

  it('shows at the start that the trail was removed: none is begun anew, key or not', async () => {
    for (const table of ['audit_blocks', 'audit_block_leaves', 'audit_days', 'audit_keys', 'audit_records'])
      await database.query(`DELETE FROM ${table}`);
    await database.query('INSERT INTO audit_adoption VALUES (1)');
    await write();

    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
    const another = await start();
    try {
      expect(another.logLines.some((line) => line.includes('ledger_differs'))).toBe(true);
      expect(another.logLines.some((line) => line.includes('the audit trail is not sealed'))).toBe(true);
    } finally {
      await another.close();
    }
    expect(problemsOf(await verifyNow(worker))).toContain('ledger_differs 2');
  });

  it('goes on from a restored backup when an operator accepts it, with a record', async () => {
    await cutEnd();
    await worker.nest.get(LedgerReplay).accept('restored');
    await worker.nest.get(AuditSeals).adopt();
    await sealAll(worker);

    expect(await verifyNow(worker)).toMatchObject({ isSound: true, ledger: 'matches' });
    expect(
      await database.query(`SELECT 1 FROM audit_records WHERE action = 'installation.ledger_accepted'`),
    ).toHaveLength(1);
    await expect(worker.nest.get(LedgerReplay).accept('again')).rejects.toThrow(/nothing to accept/);
  });
});
