import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { assertNotOutdated, proofIdOf, type SignedContent } from './verified-proof';

const content: SignedContent = {
  provider: 'telegram',
  environment: 'production',
  botId: '42',
  fields: [
    ['auth_date', '1760000000'],
    ['user', '{"id":1}'],
  ],
};

describe('the id of a proof', () => {
  it('is SHA-256 over length-prefixed parts', () => {
    const parts = [
      'countersign/proof/v1',
      'telegram',
      'production',
      '42',
      'auth_date',
      '1760000000',
      'user',
      '{"id":1}',
    ];
    const hash = createHash('sha256');
    for (const part of parts) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(part));
      hash.update(length).update(part);
    }
    expect(proofIdOf(content).toString('hex')).toBe(hash.digest('hex'));
  });

  it.each([
    { provider: 'openweb3' },
    { environment: 'test' },
    { botId: '43' },
    {
      fields: [
        ['auth_date', '1760000001'],
        ['user', '{"id":1}'],
      ] as const,
    },
    {
      fields: [
        ['auth_date', '1760000000user'],
        ['', '{"id":1}'],
      ] as const,
    },
  ])('differs with %j', (difference) => {
    expect(proofIdOf({ ...content, ...difference })).not.toEqual(proofIdOf(content));
  });

  it('is different for different fields, however they are cut', () => {
    const fields = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 });
    fc.assert(
      fc.property(fields, fields, (one, other) => {
        const areEqual = JSON.stringify(one) === JSON.stringify(other);
        expect(proofIdOf({ ...content, fields: one }).equals(proofIdOf({ ...content, fields: other }))).toBe(
          areEqual,
        );
      }),
    );
  });
});

const at = (time: string): Date => new Date(`2026-11-20T12:00:${time}Z`);

describe('a proof, after all sessions were ended', () => {
  it.each<[string, Date | null, Date | null, boolean]>([
    ['of the second before', at('09.000'), at('10.000'), true],
    ['of the second before, when they ended late in the next', at('09.000'), at('10.999'), true],
    ['of the same second, which tells no more', at('10.000'), at('10.999'), false],
    ['of the same instant', at('10.000'), at('10.000'), false],
    ['of later', at('11.000'), at('10.999'), false],
    ['without a date', null, at('10.000'), false],
    ['of somebody whose sessions were never ended', at('09.000'), null, false],
  ])('%s', (_, madeAt, authNotBefore, expected) => {
    const check = (): void => assertNotOutdated(madeAt, authNotBefore);
    if (expected) expect(check).toThrow('auth.proof_outdated');
    else expect(check).not.toThrow();
  });
});
