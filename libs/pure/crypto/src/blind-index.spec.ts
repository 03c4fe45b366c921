import { createHmac, hkdfSync } from 'node:crypto';
import * as fc from 'fast-check';
import { blindIndexes, fieldBlindIndexes } from '.';
import { aRing, secretOf } from '../testing/rings';

const PARTS = ['telegram', 'production', '279058397'];

function hexIndexes(ring = aRing(), context = 'identity', parts: readonly string[] = PARTS) {
  return blindIndexes(ring, context, parts).map(({ keyId, digest }) => [keyId, digest.toString('hex')]);
}

describe('blindIndexes', () => {
  // Computed with Python's hmac.
  it('gives one full-length digest per index key, the active one first', () => {
    expect(hexIndexes()).toEqual([
      ['i2', '01749bf8a1df9ec143c849cdf84bd7fa5033dc4da1c5cf833ab3c67c5f71e979'],
      ['i1', '0f89904073dba488b07be5f7180a9e471ea76a0f0c8dbfcf55cd16ec6ada3074'],
    ]);
  });

  it('finds the same person before, during and after a rotation', () => {
    const before = hexIndexes(aRing({ index: ['i1'] }));
    const during = hexIndexes(aRing({ index: ['i2', 'i1'] }));
    const after = hexIndexes(aRing({ index: ['i2'] }));

    expect(during).toEqual([...after, ...before]);
  });

  it('is the same for the same input, and differs for any other', () => {
    const ring = aRing();
    const input = fc.tuple(fc.string(), fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }));
    fc.assert(
      fc.property(input, input, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(JSON.stringify(hexIndexes(ring, ...a)) === JSON.stringify(hexIndexes(ring, ...b))).toBe(
          isSame,
        );
      }),
    );
  });
});

describe('fieldBlindIndexes', () => {
  const hex = (field: string, value: string, ring = aRing()) =>
    fieldBlindIndexes(ring, field, value).map(({ keyId, digest }) => [keyId, digest.toString('hex')]);

  it('is an HMAC under a key that HKDF derives for the field from each index key', () => {
    const expected = ['i2', 'i1'].map((id) => {
      const key = Buffer.from(hkdfSync('sha256', secretOf(id), '', 'countersign/blind-index/v1/phone', 32));
      const message = '\0\0\0\u0005phone\0\0\0\u000a4930123456';
      return [id, createHmac('sha256', key).update(message, 'latin1').digest('hex')];
    });

    expect(hex('phone', '4930123456')).toEqual(expected);
    expect(hex('phone', '4930123456')).toEqual(expected);
  });

  it('differs by field, value and key, and from an index under the key itself', () => {
    const all = [
      ...hex('phone', '1'),
      ...hex('username', '1'),
      ...hex('phone', '2'),
      ...blindIndexes(aRing(), 'phone', ['1']).map(({ keyId, digest }) => [keyId, digest.toString('hex')]),
    ];

    expect(new Set(all.map(([, digest]) => digest)).size).toBe(8);
    expect(hex('phone', '1', aRing({ index: ['i1'] }))).toEqual(hex('phone', '1').slice(1));
  });
});
