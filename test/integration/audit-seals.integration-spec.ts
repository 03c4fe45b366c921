import { ErasureCompletion } from '@countersign/account';
import {
  AuditSeals,
  AuditVerification,
  AuditVerifier,
  type AuditBlock,
  type AuditVerdict,
} from '@countersign/audit';
import {
  AuditBlocksRepository,
  AuditRepository,
  hashOf,
  packLeaves,
  publicAuditKeyOf,
  RecordMacs,
  rootOf,
  signBlock,
  unpackLeaves,
} from '@countersign/audit/testing';
import { Database } from '@countersign/database';
import { aPerson, times } from '../factories';
import { auditOf } from '../support/audit';
import { anAttackersKey, problemsOf, sealAll, Tampering, verifyNow } from '../support/audit-seals';
import { anOperator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;
const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

describe('the sealed audit trail', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const demo = useApplication(app);
  const tampering = useFixture(async () => {
    await Promise.all(times(4, () => app.signIn(demo, aPerson())));
    await sealAll(app);
    await Promise.all(times(4, () => app.signIn(demo, aPerson())));
    await sealAll(app);
    app.clock.advance(2 * DAY);
    await Promise.all(times(4, () => app.signIn(demo, aPerson())));
    await sealAll(app);
    await app.nest.get(AuditSeals).rotateKey(false);
    for (let count = 0; count < 2; count += 1) {
      await app.signIn(demo, aPerson());
      await sealAll(app);
    }
    return new Tampering(app);
  });
  const blocks = (): Promise<readonly AuditBlock[]> =>
    app.nest.get(Database).read((manager) => app.nest.get(AuditBlocksRepository).after(manager, 0, 100));

  beforeEach(() => tampering.keep());
  afterEach(() => tampering.putBack());

  /** The second record of a block. */
  const recordOf = async (block: number): Promise<string> => (await tampering.idsOf(block))[1] ?? '';

  it('verifies as it is, with all of its days and keys', async () => {
    const verdict = await verifyNow(app);

    expect(problemsOf(verdict)).toEqual([]);
    expect(verdict.isSound).toBe(true);
    expect(verdict.blocks).toBeGreaterThanOrEqual(5);
    expect(verdict.records).toBeGreaterThan(12);
    const all = await blocks();
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
    expect(new Set(all.map(({ keyId }) => keyId)).size).toBe(2);
    expect(new Set(all.map(({ day }) => day)).size).toBe(3);
  });

  it('has no problem with details that are stored otherwise', async () => {
    await tampering.run(
      `UPDATE audit_records SET details = (SELECT jsonb_object_agg(key, value) FROM
         (SELECT key, value FROM jsonb_each(details) ORDER BY key DESC) AS members) WHERE details <> '{}'`,
    );

    expect(problemsOf(await verifyNow(app))).toEqual([]);
  });

  describe('names the record', () => {
    const changes: readonly (readonly [title: string, change: string])[] = [
      ['whose actor was changed', `actor = 'system'`],
      ['whose subject was emptied', 'subject = NULL'],
      ['whose action was changed', `action = 'session.ended'`],
      ['whose application was changed', `application_id = '${UNKNOWN_ID}'`],
      ['whose request was changed', `request_id = 'another'`],
      ['that got one more detail', `details = details || '{"x":"y"}'`],
      ['with a text that became a number', `details = '{"provider": 1}'`],
      ['whose details are no object', `details = '[]'`],
      ['that was moved by a microsecond', `occurred_at = occurred_at + interval '1 microsecond'`],
      ['without its code', 'mac = NULL, mac_key_id = NULL'],
      [
        'with the code of another',
        `mac = (SELECT mac FROM audit_records WHERE id <> $1 AND mac IS NOT NULL LIMIT 1)`,
      ],
      [
        'that was changed with a code made without the key',
        `actor = 'system', mac = sha256(convert_to(id::text, 'UTF8'))`,
      ],
      ['with another id', `id = '${UNKNOWN_ID}'`],
    ];

    it.each(changes)('%s', async (_title, change) => {
      const id = await recordOf(2);
      await tampering.run(`UPDATE audit_records SET ${change} WHERE id = $1`, [id]);

      const { isSound, problems } = await verifyNow(app);

      expect(isSound).toBe(false);
      expect(problems[0]).toMatchObject({
        code: change.startsWith('id =') ? 'record_missing' : 'record_changed',
        block: 2,
        recordId: id,
      });
    });

    it('that has exchanged its details with another', async () => {
      const [one = '', other = ''] = await tampering.idsOf(1);
      await tampering.run(
        `UPDATE audit_records a SET details = jsonb_build_object('swapped', b.id), subject = b.subject
         FROM audit_records b WHERE (a.id, b.id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
        [one, other],
      );

      expect((await verifyNow(app)).problems.slice(0, 2)).toEqual([
        expect.objectContaining({ code: 'record_changed', recordId: one }),
        expect.objectContaining({ code: 'record_changed', recordId: other }),
      ]);
    });

    it('that was removed', async () => {
      const id = await recordOf(1);
      await tampering.run('DELETE FROM audit_records WHERE id = $1', [id]);

      expect((await verifyNow(app)).problems).toEqual([
        expect.objectContaining({ code: 'record_missing', block: 1, recordId: id }),
      ]);
    });

    it('that was moved to another day', async () => {
      const id = await recordOf(2);
      await tampering.run(
        `UPDATE audit_records SET occurred_at = occurred_at + interval '2 days' WHERE id = $1`,
        [id],
      );

      expect((await verifyNow(app)).problems).toEqual([
        expect.objectContaining({ code: 'record_missing', block: 2, recordId: id }),
        expect.objectContaining({ code: 'mac_wrong', recordId: id }),
      ]);
    });

    it('that was inserted without a code', async () => {
      await tampering.run(
        `INSERT INTO audit_records (occurred_at, id, action, actor, details, xid)
         SELECT occurred_at, $1, action, actor, details, 0 FROM audit_records LIMIT 1`,
        [UNKNOWN_ID],
      );
      // Nor does the sealing job take it for one of an older version.
      await sealAll(app);

      expect((await verifyNow(app)).problems).toEqual([
        expect.objectContaining({ code: 'record_inserted', recordId: UNKNOWN_ID }),
      ]);
    });

    it('that was inserted with the code of another, and is not sealed', async () => {
      await tampering.run(
        `INSERT INTO audit_records (occurred_at, id, action, actor, details, mac, mac_key_id)
         SELECT occurred_at, $1, action, actor, details, mac, mac_key_id FROM audit_records
         WHERE mac IS NOT NULL ORDER BY occurred_at DESC LIMIT 1`,
        [UNKNOWN_ID],
      );
      await sealAll(app);

      expect((await verifyNow(app)).problems).toEqual([
        expect.objectContaining({ code: 'mac_wrong', block: null, recordId: UNKNOWN_ID }),
      ]);
      expect(app.logLines.some((line) => line.includes(UNKNOWN_ID) && line.includes('not sealed'))).toBe(
        true,
      );
    });

    it('that is there twice', async () => {
      const id = await recordOf(1);
      await tampering.run(
        `INSERT INTO audit_records (occurred_at, id, action, actor, details)
         SELECT occurred_at + interval '1 microsecond', id, action, 'system', details FROM audit_records WHERE id = $1`,
        [id],
      );

      const [first] = (await verifyNow(app)).problems;
      expect(first?.recordId).toBe(id);
      expect(['record_repeated', 'record_changed']).toContain(first?.code);
    });
  });

  describe('names the block', () => {
    it.each([
      ['whose count was changed', 'record_count = record_count + 1', ['signature_wrong 2', 'chain_broken 3']],
      ['whose root was changed', 'root = sha256(root)', ['signature_wrong 2', 'chain_broken 3']],
      ['whose day was changed', `day = day + 30`, ['signature_wrong 2', 'chain_broken 3']],
      [
        'whose first record was changed',
        `first_id = '${UNKNOWN_ID}'`,
        ['signature_wrong 2', 'chain_broken 3'],
      ],
      [
        'that was dated back',
        `sealed_at = sealed_at - interval '1 day'`,
        ['time_backwards 2', 'signature_wrong 2', 'chain_broken 3'],
      ],
      [
        'whose signature is another’s',
        'signature = (SELECT signature FROM audit_blocks WHERE number = 1)',
        ['signature_wrong 2', 'chain_broken 3'],
      ],
      ['whose key was exchanged', `key_id = 'another'`, ['key_unknown 2', 'chain_broken 3']],
      [
        'that introduces a foreign key',
        `new_key_id = 'x', new_public_key = root`,
        ['signature_wrong 2', 'chain_broken 3'],
      ],
    ])('%s', async (_title, change, expected) => {
      await tampering.run(`UPDATE audit_blocks SET ${change} WHERE number = 2`);

      expect(problemsOf(await verifyNow(app)).slice(0, expected.length)).toEqual(expected);
    });

    it('that was removed', async () => {
      await tampering.run('DELETE FROM audit_blocks WHERE number = 2');

      const problems = problemsOf(await verifyNow(app));
      expect(problems[0]).toBe('block_missing 2');
    });

    it('that was removed, with the others counted anew', async () => {
      await tampering.run('DELETE FROM audit_blocks WHERE number = 2');
      await tampering.run('UPDATE audit_blocks SET number = -number WHERE number > 2');
      await tampering.run('UPDATE audit_blocks SET number = -number - 1 WHERE number < 0');

      expect(problemsOf(await verifyNow(app)).slice(0, 2)).toEqual(['chain_broken 2', 'signature_wrong 2']);
    });

    it('that was exchanged with its neighbour', async () => {
      for (const [from, to] of [
        [1, -1],
        [2, 1],
        [-1, 2],
      ])
        await tampering.run('UPDATE audit_blocks SET number = $2 WHERE number = $1', [from, to]);

      expect(problemsOf(await verifyNow(app))).toEqual(
        expect.arrayContaining(['chain_broken 1', 'chain_broken 2', 'signature_wrong 2']),
      );
    });

    it('whose list was removed, reordered or changed', async () => {
      const listed = async (): Promise<Buffer> => {
        const [found] = await app.database.query<{ leaves: Buffer }>(
          'SELECT leaves FROM audit_block_leaves WHERE block = 2',
        );
        return found?.leaves ?? Buffer.alloc(0);
      };
      const change = async (leaves: Buffer): Promise<readonly string[]> => {
        await tampering.run('UPDATE audit_block_leaves SET leaves = $1 WHERE block = 2', [leaves]);
        return problemsOf(await verifyNow(app));
      };
      const packed = await listed();
      const entries = unpackLeaves(packed) ?? [];

      expect(await change(packLeaves(entries.toReversed()))).toContain('leaves_changed 2');
      expect(await change(packed.subarray(48))).toContain('leaves_changed 2');
      expect(await change(packed.subarray(1))).toContain('leaves_changed 2');
      await tampering.run('DELETE FROM audit_block_leaves WHERE block = 2');
      expect(problemsOf(await verifyNow(app))).toContain('leaves_missing 2');
    });

    it('that somebody forged, with a key that introduces itself', async () => {
      const { length: number } = await blocks();
      const [record] = await tampering.idsOf(number);
      await tampering.run('DELETE FROM audit_records WHERE id = $1', [record]);
      const privateKey = anAttackersKey();
      const key = publicAuditKeyOf(privateKey);
      const list = (await blocks()).at(-1);
      const leaves = (unpackLeaves(await leavesOf(number)) ?? []).slice(1);
      if (!list) throw new Error('no such block');
      const forged = signBlock(
        { ...list, count: leaves.length, root: rootOf(leaves), keyId: key.keyId, newKey: key },
        privateKey,
      );
      await tampering.run(
        `UPDATE audit_blocks SET record_count = $1, root = $2, key_id = $3, new_key_id = $3, new_public_key = $4,
           signature = $5 WHERE number = $6`,
        [forged.count, forged.root, key.keyId, key.publicKey, forged.signature, number],
      );
      await tampering.run('UPDATE audit_block_leaves SET leaves = $1 WHERE block = $2', [
        packLeaves(leaves),
        number,
      ]);

      expect(problemsOf(await verifyNow(app))).toEqual([`key_not_introduced ${number}`]);
    });

    async function leavesOf(block: number): Promise<Buffer> {
      const [found] = await app.database.query<{ leaves: Buffer }>(
        'SELECT leaves FROM audit_block_leaves WHERE block = $1',
        [block],
      );
      return found?.leaves ?? Buffer.alloc(0);
    }

    it('from which a whole trail was written anew, its key put in the place of ours', async () => {
      const privateKey = anAttackersKey();
      const key = publicAuditKeyOf(privateKey);
      let previous = Buffer.alloc(32);
      for (const block of await blocks()) {
        const newKey = block.number === 1 ? key : null;
        const forged = signBlock({ ...block, previous, keyId: key.keyId, newKey }, privateKey);
        previous = Buffer.from(hashOf(forged));
        await tampering.run(
          `UPDATE audit_blocks SET previous = $2, key_id = $3, new_key_id = $4, new_public_key = $5, signature = $6
           WHERE number = $1`,
          [
            block.number,
            forged.previous,
            key.keyId,
            newKey && key.keyId,
            newKey && key.publicKey,
            forged.signature,
          ],
        );
      }
      await tampering.run('UPDATE audit_keys SET id = $1, public_key = $2', [key.keyId, key.publicKey]);

      expect(problemsOf(await verifyNow(app))).toEqual(['key_foreign', 'key_not_introduced 1']);
    });
  });

  it.each([
    ['that the ring has not sealed', `UPDATE audit_keys SET id = 'another'`],
    ['whose public half is another', `UPDATE audit_keys SET public_key = sha256(public_key)`],
  ])('seals nothing with a key %s', async (_title, change) => {
    await tampering.run(change);
    await app.signIn(demo, aPerson());

    await expect(sealAll(app)).rejects.toMatchObject({ code: 'audit_key.lost' });
    expect(problemsOf(await verifyNow(app))).toContain('key_foreign');
  });

  it('goes on with a new key that introduces itself when the old one is lost', async () => {
    await tampering.run('DELETE FROM audit_keys');
    expect(await countersign.failure('audit rotate-key')).toMatch(/--lost/);
    await app.nest.get(AuditSeals).rotateKey(true);
    await app.signIn(demo, aPerson());
    await sealAll(app);

    expect(problemsOf(await verifyNow(app))).toEqual([]);
  });

  describe('with anchors', () => {
    const withAnchors = async (anchors: readonly AuditBlock[]): Promise<AuditVerdict> => {
      return app.nest
        .get(AuditVerifier)
        .verify({ anchors: new Map(anchors.map((block) => [block.number, [hashOf(block)]])) });
    };

    it('verifies', async () => {
      expect(problemsOf(await withAnchors(await blocks()))).toEqual([]);
    });

    it('shows that its end was cut, records and all', async () => {
      const anchors = await blocks();
      const ids = await tampering.idsOf(anchors.length);
      await tampering.run('DELETE FROM audit_records WHERE id = ANY($1::uuid[])', [ids]);
      for (const table of ['audit_blocks WHERE number', 'audit_block_leaves WHERE block'])
        await tampering.run(`DELETE FROM ${table} = ${anchors.length}`);

      // Without an anchor nothing shows it.
      expect(problemsOf(await verifyNow(app))).toEqual([]);
      expect(problemsOf(await withAnchors(anchors))).toEqual([`anchor_missing ${anchors.length}`]);
    });

    it('shows that it was cut and went on: a backup was restored', async () => {
      const anchors = await blocks();
      for (const table of ['audit_blocks WHERE number', 'audit_block_leaves WHERE block'])
        await tampering.run(`DELETE FROM ${table} = ${anchors.length}`);
      await tampering.run('UPDATE audit_days SET sealed_below = 0, is_closed = false');
      app.clock.advance(1);
      await sealAll(app);

      expect(problemsOf(await verifyNow(app))).toEqual([]);
      expect(problemsOf(await withAnchors(anchors))).toEqual([`anchor_differs ${anchors.length}`]);
    });
  });

  it('holds no person: after an erasure it verifies', async () => {
    const person = await app.signIn(demo, aPerson());
    await sealAll(app);
    await countersign.json(`user erase ${person.userId} --reason request-1`);
    await app.nest.get(ErasureCompletion).completeDue(new Date(app.clock.now().getTime() + 60 * DAY * 1_000));
    // The command line has a clock of its own.
    await tampering.run('UPDATE audit_days SET is_closed = false');
    await sealAll(app);

    const verdict = await verifyNow(app);
    expect(problemsOf(verdict)).toEqual([]);
    expect(await app.database.query(`SELECT 1 FROM audit_records WHERE action = 'user.erased'`)).toHaveLength(
      1,
    );
  });

  it('is verified by the job, whose outcome is logged, counted and recorded', async () => {
    const job = app.nest.get(AuditVerification);
    const counted = async () =>
      /^countersign_audit_problems\{job_name="audit-verify"\} (.*)$/m.exec(
        (await app.gateway.get('/metrics')).text,
      )?.[1];
    expect(await job.run()).toMatchObject({ isSound: true, problemCount: 0 });
    expect(await counted()).toBe('0');
    await tampering.run(`UPDATE audit_records SET actor = 'system' WHERE id = $1`, [
      (await tampering.idsOf((await blocks()).length))[0],
    ]);

    expect(await job.run()).toMatchObject({ isSound: false, problemCount: 1 });
    expect(await counted()).toBe('1');
    expect(app.logLines.some((line) => line.includes('record_changed'))).toBe(true);
    expect((await auditOf(app, { action: 'audit.verified' })).slice(-2)).toMatchObject([
      { actor: 'system', details: { outcome: 'sound' } },
      { actor: 'system', details: { outcome: 'unsound', problem: 'record_changed' } },
    ]);
  });

  it('is compared with its blocks by the job on the day of a record and on the next, and then each week', async () => {
    await app.signIn(demo, aPerson());
    await sealAll(app);
    await tampering.run(`UPDATE audit_records SET actor = 'system' WHERE id = $1`, [
      (await tampering.idsOf((await blocks()).length))[0],
    ]);
    const found: number[] = [];
    for (const daysLater of [0, 1, 1, 5]) {
      app.clock.advance(daysLater * DAY);
      await sealAll(app);
      found.push((await app.nest.get(AuditVerification).run()).problemCount);
    }

    expect(found).toEqual([1, 1, 0, 1]);
  });

  it('takes in a record that was late for a day that is closed, after the job has found it', async () => {
    const at = app.clock.now();
    await sealAll(app);
    await tampering.run('UPDATE audit_days SET is_closed = true');
    app.clock.advance(DAY);
    const content = {
      id: UNKNOWN_ID,
      actor: 'system',
      subject: null,
      applicationId: null,
      requestId: null,
      details: {},
    };
    const mac = app.nest
      .get(RecordMacs, { strict: false })
      .make({ instant: at.toISOString().replace('Z', '000Z'), action: 'session.ended', ...content });
    await app.nest
      .get(Database)
      .transaction((tx) =>
        app.nest
          .get(AuditRepository, { strict: false })
          .insert(tx, { occurredAt: at, action: 'session.ended' }, [{ ...content, ...mac }]),
      );
    await sealAll(app);
    const found = await verifyNow(app);
    expect(found.problems).toEqual([
      expect.objectContaining({ code: 'record_unsealed', recordId: UNKNOWN_ID }),
    ]);

    await app.nest.get(AuditVerification).run();
    await sealAll(app);
    expect(problemsOf(await verifyNow(app))).toEqual([]);
  });

  it('names the request of an operator’s act', async () => {
    const operator = await anOperator(app);
    await operator.get('/v1/admin/audit?limit=1').set('x-request-id', 'ticket-4711').expect(200);

    const answer = await operator.get('/v1/admin/audit?action=audit.read&limit=2').expect(200);
    expect((answer.body as { items: { requestId: string }[] }).items[1]?.requestId).toBe('ticket-4711');
  });

  it('is listed, with its key, as at the command line', async () => {
    const operator = await anOperator(app);
    const page = (await operator.get('/v1/admin/audit/blocks?limit=2').expect(200)).body as {
      items: { number: number }[];
      nextCursor: string;
    };
    const next = await operator.get(`/v1/admin/audit/blocks?limit=200&cursor=${page.nextCursor}`).expect(200);
    const { items } = next.body as { items: { number: number }[] };
    const listed = await countersign.lines('audit blocks');

    expect([...page.items, ...items]).toEqual(listed);
    expect(listed).toHaveLength((await blocks()).length);
    const key = (await operator.get('/v1/admin/audit/public-key').expect(200)).body as { publicKey: string };
    expect((await countersign.run('audit public-key')).output).toBe(key.publicKey);
  });
});
