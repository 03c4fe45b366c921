import { LedgerReplay } from '@countersign/account';
import { AuditSeals, AuditWitness } from '@countersign/audit';
import { generateKeyPairSync } from 'node:crypto';
import { hashOf, publicAuditKeyOf, signBlock } from '@countersign/audit/testing';
import { generateKeyRing, sha256 } from '@countersign/crypto';
import { problemsOf, sealAll, verifyNow, writeRecord } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { aFileLedger } from '../support/ledger-cases';
import { Countersign } from '../support/run-countersign';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
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

  const write = () => writeRecord(worker);
  const waiting = async (): Promise<number> =>
    (await database.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'audit_blocks'::regclass`))
      .length;
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

  it('is written with what was compared, however long the tables were locked between reads', async () => {
    await write();
    await sealAll(worker);
    expect(await witness()).toBe(3);
    const first = await database.hold('LOCK TABLE audit_blocks IN ACCESS EXCLUSIVE MODE');
    const job = witness();
    await until(async () => (await waiting()) >= 1);
    const second = database.hold('LOCK TABLE audit_blocks IN ACCESS EXCLUSIVE MODE').then(async (locked) => {
      await locked.run('DELETE FROM audit_block_leaves WHERE block = 3');
      await locked.run('DELETE FROM audit_blocks WHERE number = 3');
      await locked.commit();
    });
    await until(async () => (await waiting()) >= 2);
    await first.commit();
    await Promise.all([job, second]);

    expect(await ledger.open().readHead()).toMatchObject({ number: 3 });
    expect(problemsOf(await verifyNow(worker))).toContain('ledger_differs 3');
  });

  it.each(['2147483647', 'number + 1'])('is never a block that was forged, of number %s', async (number) => {
    await database.query(
      `INSERT INTO audit_blocks (number, record_count, root, previous, sealed_at, key_id, signature)
       SELECT ${number}, 0, root, sha256(previous), sealed_at, key_id, signature FROM audit_blocks
       ORDER BY number DESC LIMIT 1`,
    );
    const head = await ledger.open().readHead();

    expect(await witness()).toBeNull();
    await expect(worker.nest.get(AuditWitness).accept()).rejects.toMatchObject({ code: 'audit_trail.cut' });
    expect(await ledger.open().readHead()).toEqual(head);
    expect(worker.logLines.some((line) => line.includes('is not one of this service'))).toBe(true);
    expect(problemsOf(await verifyNow(worker))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^signature_wrong/)]),
    );
  });

  it.each([
    ['of no known key', `'nobody'`],
    ['of the key itself', 'key_id'],
  ])('is not built upon when it was forged, %s, and introduces the key', async (_, keyId) => {
    await worker.nest.get(AuditSeals).rotateKey(false);
    await sealAll(worker);
    await database.query(
      `INSERT INTO audit_blocks (number, record_count, root, previous, sealed_at, key_id, new_key_id, new_public_key, signature)
       SELECT number + 1, 0, root, sha256(previous), sealed_at, ${keyId}, key_id,
         (SELECT public_key FROM audit_keys), signature FROM audit_blocks ORDER BY number DESC LIMIT 1`,
    );
    await write();

    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
    await expect(worker.nest.get(AuditSeals).rotateKey(false)).rejects.toMatchObject({
      code: 'audit_trail.cut',
    });
    expect(await witness()).toBeNull();
  });

  it('is not built upon where an attacker wrote the whole trail and rotated to the key', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const newKey = await worker.nest.get(AuditSeals).publicKey();
    const attacker = publicAuditKeyOf(privateKey);
    const content = { day: null, count: 0, first: null, last: null, root: sha256(Buffer.alloc(0)) };
    const at = { sealedAt: clock.now(), keyId: attacker.keyId };
    const first = signBlock(
      { ...content, ...at, number: 1, previous: Buffer.alloc(32), newKey: attacker },
      privateKey,
    );
    const second = signBlock({ ...content, ...at, number: 2, previous: hashOf(first), newKey }, privateKey);
    await database.query('DELETE FROM audit_block_leaves');
    await database.query('DELETE FROM audit_blocks');
    for (const block of [first, second])
      await database.query(
        `INSERT INTO audit_blocks (number, record_count, root, previous, sealed_at, key_id, new_key_id, new_public_key, signature)
         VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8)`,
        [block.number, block.root, block.previous, block.sealedAt, block.keyId, block.newKey?.keyId].concat([
          block.newKey?.publicKey,
          block.signature,
        ] as never[]),
      );

    await expect(sealAll(worker)).rejects.toMatchObject({ code: 'audit_trail.cut' });
  });

  it('goes on after a rotation whose block is the last one', async () => {
    await worker.nest.get(AuditSeals).rotateKey(false);
    expect(await witness()).toBe(3);
    await worker.nest.get(AuditSeals).rotateKey(false);
    expect(await witness()).toBe(4);
    await sealAll(worker);
    expect(await verifyNow(worker)).toMatchObject({ isSound: true, ledger: 'matches' });
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
