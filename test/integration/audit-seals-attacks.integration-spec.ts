import { AuditVerification, AuditVerifier, readAnchors } from '@countersign/audit';
import { packLeaves } from '@countersign/audit/testing';
import { aPerson, times } from '../factories';
import { problemsOf, sealAll, Tampering, verifyNow } from '../support/audit-seals';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;
const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const LEAF = Buffer.alloc(32, 1);

/** As somebody who may write to the database, and change its tables, and does not have the key ring. */
describe('the sealed audit trail, attacked from the database', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const tampering = useFixture(async () => {
    await Promise.all(times(3, () => app.signIn(demo, aPerson())));
    await sealAll(app);
    app.clock.advance(2 * DAY);
    await Promise.all(times(3, () => app.signIn(demo, aPerson())));
    await sealAll(app);
    return new Tampering(app);
  });

  beforeEach(() => tampering.keep());
  afterEach(() => tampering.putBack());

  /** A record in the place of a sealed one, of a later version than those without codes. */
  const insertForged = (id: string, offset = '0'): Promise<void> =>
    tampering.run(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       SELECT occurred_at + $2::interval, $1, action, 'forged', details FROM audit_records
       ORDER BY occurred_at DESC LIMIT 1`,
      [id, offset],
    );

  it('names a record that a list without a block vouches for', async () => {
    await insertForged(UNKNOWN_ID);
    await tampering.run(
      `INSERT INTO audit_block_leaves (block, day, first_at, last_at, lowest_xid, highest_xid, leaves)
       SELECT 999999, max(day), 'epoch', '2100-01-01', 0, 0, $1 FROM audit_blocks`,
      [packLeaves([{ id: UNKNOWN_ID, leaf: LEAF }])],
    );

    expect(problemsOf(await verifyNow(app))).toContain('record_inserted');
  });

  it('names a record that a block before the first vouches for', async () => {
    await insertForged(UNKNOWN_ID);
    await tampering.run(
      `INSERT INTO audit_blocks
       SELECT -1, day, 1, 'epoch', first_id, '2100-01-01', last_id, root, '\\x00', sealed_at, key_id, NULL, NULL, signature
       FROM audit_blocks ORDER BY number DESC LIMIT 1`,
    );
    await tampering.run(
      `INSERT INTO audit_block_leaves (block, day, first_at, last_at, lowest_xid, highest_xid, leaves)
       SELECT number, day, first_at, last_at, 0, 0, $1 FROM audit_blocks WHERE number = -1`,
      [packLeaves([{ id: UNKNOWN_ID, leaf: LEAF }])],
    );

    expect(problemsOf(await verifyNow(app))).toContain('record_inserted');
  });

  it('names a second record under the id of a sealed one, where the time of the list was widened', async () => {
    const [id = ''] = await tampering.idsOf(2);
    await insertForged(id, '-1 minute');
    await tampering.run(
      `UPDATE audit_block_leaves SET first_at = first_at - interval '1 day' WHERE block = 2`,
    );

    const { problems } = await verifyNow(app);

    expect(problems).toEqual([expect.objectContaining({ code: 'record_inserted', recordId: id })]);
  });

  it('names a second record within the fraction of a millisecond that signatures do not have', async () => {
    const ids = await tampering.idsOf(2);
    const id = ids.at(-1) ?? '';
    await tampering.run(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       SELECT last_at + interval '1500 microseconds', $1, 'session.ended', 'forged', '{}' FROM audit_blocks WHERE number = 2`,
      [id],
    );
    await tampering.run(
      `UPDATE audit_blocks SET last_at = last_at + interval '900 microseconds' WHERE number = 2`,
    );
    await tampering.run(
      `UPDATE audit_block_leaves SET last_at = last_at + interval '900 microseconds' WHERE block = 2`,
    );

    expect((await verifyNow(app)).isSound).toBe(false);
  });

  it.each([
    [
      'of a day that has no partition of ours',
      `FOR VALUES FROM ('2020-01-01') TO ('2020-01-03')`,
      '2020-01-02',
    ],
    ['of the far future', `FOR VALUES FROM ('2150-01-01') TO ('2150-01-02')`, '2150-01-01'],
    ['of no range', 'DEFAULT', '2021-05-05'],
  ])('names a record in a partition %s', async (_title, bounds, day) => {
    await tampering.run(`CREATE TABLE audit_records_hidden PARTITION OF audit_records ${bounds}`);
    try {
      await tampering.run(
        `INSERT INTO audit_records (occurred_at, id, action, actor, details)
         VALUES ($2::timestamptz + interval '5 hours', $1, 'user.revealed', 'forged', '{}')`,
        [UNKNOWN_ID, day],
      );

      const { problems } = await verifyNow(app);

      expect(problems).toEqual([
        expect.objectContaining({ code: 'record_inserted', recordId: UNKNOWN_ID, day }),
      ]);
      await app.nest.get(AuditVerification).run();
      expect(app.logLines.some((line) => line.includes(UNKNOWN_ID) && line.includes('record_inserted'))).toBe(
        true,
      );
    } finally {
      await tampering.run('DROP TABLE audit_records_hidden');
    }
  });

  it('names a record in a partition under the name of another day', async () => {
    await tampering.run(
      `CREATE TABLE audit_records_20200105 PARTITION OF audit_records FOR VALUES FROM ('2020-01-01') TO ('2020-01-03')`,
    );
    try {
      await tampering.run(
        `INSERT INTO audit_records (occurred_at, id, action, actor, details)
         VALUES ('2020-01-02T05:00:00Z', $1, 'user.revealed', 'forged', '{}')`,
        [UNKNOWN_ID],
      );

      expect((await verifyNow(app)).problems).toContainEqual(
        expect.objectContaining({ code: 'record_inserted', recordId: UNKNOWN_ID, day: '2020-01-02' }),
      );
    } finally {
      await tampering.run('DROP TABLE audit_records_20200105');
    }
  });

  it('is sealed and verified beside a partition whose name is no day', async () => {
    await tampering.run(
      `CREATE TABLE audit_records_20209999 PARTITION OF audit_records FOR VALUES FROM ('2020-01-01') TO ('2020-01-03')`,
    );
    try {
      await app.signIn(demo, aPerson());

      expect(await sealAll(app)).not.toEqual([]);
      expect(problemsOf(await verifyNow(app))).toEqual([]);
    } finally {
      await tampering.run('DROP TABLE audit_records_20209999');
    }
  });

  it('shows that its end was cut and grew again, with the announcements of both ends', async () => {
    const announced = (): string => app.logLines.filter((line) => line.includes('"auditBlock"')).join('\n');
    await tampering.run('DELETE FROM audit_records WHERE id = ANY($1)', [await tampering.idsOf(2)]);
    await tampering.run('DELETE FROM audit_block_leaves WHERE block >= 2');
    await tampering.run('DELETE FROM audit_blocks WHERE number >= 2');
    await app.signIn(demo, aPerson());
    await sealAll(app);

    const verdict = await app.nest.get(AuditVerifier).verify({ anchors: readAnchors(announced()) });

    expect(problemsOf(verdict)).toContain('anchor_differs 2');
  });
});
