import { PrincipalsService } from '@countersign/admin';
import { LedgerReplay } from '@countersign/account';
import { AuditSeals, AuditService, AuditWitness } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { forgetOrigin, problemsOf, sealAll, verifyNow } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { aFileLedger } from '../support/ledger-cases';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

const DAY = 24 * 3_600;
const TABLES = ['audit_blocks', 'audit_block_leaves', 'audit_keys', 'audit_days'] as const;

/** The attacker may write to the database, has no key ring, and does not reach the ledger. */
describe('the adoption of a trail, beside the ledger of erasures', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase({}, { per: 'test' });
  const clock = useFixture(() => new FakeClock(), { per: 'test' });
  const ledger = useFixture(aFileLedger, { per: 'test', close: (one) => one.drop() });
  const worker = useFixture(
    () => TestWorker.start({ database, keys, clock, environment: { ERASURE_LEDGER: ledger.url } }),
    { per: 'test', close: (made) => made.close() },
  );

  async function write(): Promise<void> {
    const audit = worker.nest.get(AuditService);
    await audit.prepare();
    await worker.nest
      .get(Database)
      .transaction((tx) => audit.record(tx, 'job.run_requested', { actor: 'system' }));
  }

  const head = () => ledger.open().readHead();
  const adoptions = async (): Promise<number> =>
    (await database.query(`SELECT 1 FROM audit_records WHERE action = 'audit.adopted'`)).length;
  const isCoded = async (): Promise<boolean> =>
    (await database.query('SELECT 1 FROM principals WHERE mac IS NOT NULL')).length > 0;
  /** A principal without the code of this service, which an adoption would give it. */
  async function forgePrincipal(): Promise<void> {
    await worker.nest
      .get(PrincipalsService)
      .create({ name: 'forged', kind: 'machine', scopes: ['users:read'] }, null);
    await database.query(
      `UPDATE principals SET scopes = '{principals:write}', mac = NULL, mac_key_id = NULL`,
    );
  }
  const keep = async (table: string): Promise<unknown> =>
    database.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  const putBack = async (table: string): Promise<unknown> =>
    database.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);

  async function isWaitedFor(table: string): Promise<boolean> {
    const found = await database.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`,
    );
    return found.length > 0;
  }

  it('is not repeated with a former row of the key and the blocks of its time', async () => {
    await write();
    await sealAll(worker);
    await ledger.open().replaceHead({ number: 0, hash: '' });
    await forgetOrigin(worker);
    await keep('audit_keys');
    await worker.nest.get(AuditSeals).adopt();
    expect(await adoptions()).toBe(1);
    expect(await head()).toMatchObject({ number: 2 });
    await write();
    await sealAll(worker);
    clock.advance(3 * DAY);

    await database.query('DELETE FROM audit_block_leaves WHERE block > 1');
    await database.query('DELETE FROM audit_blocks WHERE number > 1');
    await database.query('DELETE FROM audit_keys');
    await putBack('audit_keys');
    await forgePrincipal();

    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
    await expect(worker.nest.get(AuditSeals).adopt()).rejects.toMatchObject({ code: 'audit_trail.cut' });
    expect(await isCoded()).toBe(false);
    expect(await adoptions()).toBe(1);
    // A backup of that time, which an operator accepts, is adopted.
    await worker.nest.get(LedgerReplay).accept('restored');
    await sealAll(worker);
    expect(await adoptions()).toBe(2);
  });

  it('is not repeated while its reads wait for locks, and find in turn what was removed and put back', async () => {
    await write();
    await sealAll(worker);
    clock.advance(3 * DAY);
    await worker.nest.get(AuditWitness).run();
    await forgePrincipal();
    for (const table of TABLES) await keep(table);
    await database.query('INSERT INTO audit_adoption VALUES (1)');
    await database.query('DELETE FROM audit_blocks');
    await database.query('DELETE FROM audit_keys');
    const heldKeys = await database.hold('LOCK TABLE audit_keys IN ACCESS EXCLUSIVE MODE');
    const heldAdoption = await database.hold('LOCK TABLE audit_adoption IN ACCESS EXCLUSIVE MODE');
    const adopting = worker.nest
      .get(AuditSeals)
      .adopt()
      .catch((error: unknown) => error);
    await until(() => isWaitedFor('audit_keys'));
    await putBack('audit_blocks');
    await heldKeys.commit();
    await until(() => isWaitedFor('audit_adoption'));
    await putBack('audit_keys');
    await heldAdoption.commit();
    await adopting;

    expect(await isCoded()).toBe(false);
    expect(await adoptions()).toBe(0);
    expect(problemsOf(await verifyNow(worker))).toContain('principal_forged');
  });

  it('is over for the ledger with the first block of a new installation', async () => {
    await write();
    await sealAll(worker);
    expect(await head()).toMatchObject({ number: 1 });
    for (const table of TABLES) await database.query(`DELETE FROM ${table}`);
    await database.query('INSERT INTO audit_adoption VALUES (1)');
    await forgePrincipal();

    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
    expect(await isCoded()).toBe(false);
  });
});
