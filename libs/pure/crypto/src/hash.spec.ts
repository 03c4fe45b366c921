import * as fc from 'fast-check';
import { expandSha256, lengthPrefixed } from './hash';

describe('expandSha256', () => {
  it('gives the answer of RFC 5869, test case 1', () => {
    const secret = Buffer.from('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5', 'hex');
    const info = Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex');

    expect(expandSha256(secret, info, 42).toString('hex')).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });
});

describe('lengthPrefixed', () => {
  it('puts the length in bytes, big-endian, before each part', () => {
    const prefixed = lengthPrefixed(['é', '', Buffer.from([0xff])]);

    expect(prefixed.toString('hex')).toBe('00000002c3a90000000000000001ff');
  });

  it('can be read back, so that no two lists give the same bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (parts) => {
        expect(readBack(lengthPrefixed(parts))).toEqual(parts);
      }),
    );
  });

  it.each(['\ud800', 'a\udc00b', '\udc00\ud800'])('refuses a lone surrogate: %j', (part) => {
    expect(() => lengthPrefixed(['before', part])).toThrow(TypeError);
  });
});

function readBack(bytes: Buffer): string[] {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    parts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return parts;
}
