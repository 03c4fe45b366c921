import { KeyRing, sha256 } from '@countersign/crypto';
import { RecordMacs } from './record-macs';
import {
  encodeRecord,
  instantOf,
  leafOf,
  type AuthenticatedRecord,
  type RecordContent,
} from './record-encoding';

/** With test keys, the first index key active. */
function aRing(indexKeys: readonly string[] = ['i2', 'i1']): KeyRing {
  const family = (ids: readonly string[]) => ({
    active: ids[0],
    keys: ids.map((id) => ({ id, epoch: 1, secret: sha256(`test key ${id}`).toString('base64url') })),
  });
  return KeyRing.parse(
    JSON.stringify({
      version: 1,
      sealing: family(['k1']),
      index: family(indexKeys),
      token: family(['t1']),
    }),
  );
}

function aRecord(differing: Partial<RecordContent> = {}): RecordContent {
  return {
    instant: '2026-11-02T09:30:00.000000Z',
    id: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    action: 'session.opened',
    actor: 'user:0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
    subject: null,
    applicationId: null,
    requestId: null,
    details: {},
    ...differing,
  };
}

const bytesOf = (differing?: Partial<RecordContent>): string =>
  encodeRecord(aRecord(differing)).toString('hex');

describe('the canonical form of a record', () => {
  it('is always the same, whatever the order of its details', () => {
    const details = { b: '2', a: '1', é: '3', '10': '4', '9': '5' };
    const reversed = Object.fromEntries(Object.entries(details).toReversed());

    expect(bytesOf({ details })).toBe(bytesOf({ details: reversed }));
    expect(bytesOf({ details })).toBe(
      bytesOf({ details: JSON.parse(JSON.stringify(details, null, 2)) as unknown }),
    );
  });

  it('differs for each two contents', () => {
    const contents: Partial<RecordContent>[] = [
      {},
      { instant: '2026-11-02T09:30:00.000001Z' },
      { id: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a12' },
      { action: 'session.ended' },
      { actor: 'system' },
      { subject: '' },
      { subject: 'x' },
      { applicationId: 'x' },
      { requestId: 'x' },
      { subject: 'x', applicationId: 'x' },
      { details: { a: 'b' } },
      { details: { ab: '' } },
      { details: { '': 'ab' } },
      { details: { a: 'b', c: 'd' } },
      { details: { a: 'bcd' } },
      { details: { a: 1 } },
      { details: { a: '1' } },
      { details: { a: null } },
      { details: { a: 'null' } },
      { details: null },
      { details: [] },
      { details: ['a', 'b'] },
      { details: 'texts' },
      { details: { a: { b: 'c' } } },
      { details: { a: ['b', 'c'] } },
    ];

    expect(new Set(contents.map(bytesOf)).size).toBe(contents.length);
  });

  it('has the instant to the precision of the database', () => {
    expect(instantOf(new Date('2026-11-02T09:30:00.123Z'))).toBe('2026-11-02T09:30:00.123000Z');
  });

  it('never changes: records that are stored could not be verified any more', () => {
    // Computed apart, by another language's HKDF, HMAC and SHA-256.
    const record = aRecord({ subject: 's', details: { provider: 'telegram', assurance: 'platform' } });
    const mac = new RecordMacs(aRing()).make(record);

    expect(mac.macKeyId).toBe('i2');
    expect(mac.mac.toString('hex')).toBe('ed9ebfbf505ffdd4197ae0ec85913d1643cf832f47284e9bf2596365a16d34bb');
    expect(leafOf({ ...record, ...mac }).toString('hex')).toBe(
      '14e5c713928721f1e9eae663b2afa3878d0fe5f00f570a45bc067f2805dc7782',
    );
  });
});

describe('the code of a record', () => {
  const macs = new RecordMacs(aRing());
  const sealed = (differing: Partial<AuthenticatedRecord> = {}): AuthenticatedRecord => ({
    ...aRecord(),
    ...macs.make(aRecord()),
    ...differing,
  });

  it('is right for its record alone', () => {
    expect(macs.check(sealed())).toBe('right');
    expect(macs.check(sealed({ actor: 'system' }))).toBe('wrong');
    expect(macs.check(sealed({ mac: Buffer.alloc(32) }))).toBe('wrong');
    expect(macs.check(sealed({ macKeyId: 'i1' }))).toBe('wrong');
  });

  it('may be missing, but not in part', () => {
    expect(macs.check(sealed({ mac: null, macKeyId: null }))).toBe('missing');
    expect(macs.check(sealed({ mac: null }))).toBe('wrong');
    expect(macs.check(sealed({ macKeyId: null }))).toBe('wrong');
  });

  it('is checked under every key of the ring, also a retired one, and under no other', () => {
    const ring = aRing();
    const made = new RecordMacs(ring).make(aRecord());
    ring.follow({ active: { sealing: 'k1', index: 'i1', token: 't1' }, retired: new Set(['i2']) });

    expect(new RecordMacs(ring).check(sealed(made))).toBe('right');
    expect(new RecordMacs(ring).make(aRecord()).macKeyId).toBe('i1');
    expect(new RecordMacs(aRing(['i1'])).check(sealed(made))).toBe('unknown_key');
  });
});
