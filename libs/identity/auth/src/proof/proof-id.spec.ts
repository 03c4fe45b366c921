import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { proofIdOf, type SignedContent } from './verified-proof';

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
