import * as fc from 'fast-check';
import { lengthPrefixed } from './hash';

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
