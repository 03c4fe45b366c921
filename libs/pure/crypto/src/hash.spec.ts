import { createSecretKey } from 'node:crypto';
import * as fc from 'fast-check';
import { hmacSha256, lengthPrefixed, sha256 } from './hash';

describe('sha256', () => {
  // FIPS 180-4 examples of NIST's Cryptographic Standards and Guidelines.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('gives the published digest of %j', (text, digest) => {
    expect(sha256(text).toString('hex')).toBe(digest);
    expect(sha256(Buffer.from(text)).toString('hex')).toBe(digest);
  });
});

describe('hmacSha256', () => {
  const hex = (text: string) => Buffer.from(text, 'hex');

  it.each([
    {
      test: 1,
      key: hex('0b'.repeat(20)),
      data: Buffer.from('Hi There'),
      mac: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    },
    {
      test: 2,
      key: Buffer.from('Jefe'),
      data: Buffer.from('what do ya want for nothing?'),
      mac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    },
    {
      test: 3,
      key: hex('aa'.repeat(20)),
      data: hex('dd'.repeat(50)),
      mac: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    },
    {
      test: 4,
      key: hex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
      data: hex('cd'.repeat(50)),
      mac: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    },
    {
      test: 6,
      key: hex('aa'.repeat(131)),
      data: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
      mac: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    },
  ])('gives the answer of RFC 4231, test case $test', ({ key, data, mac }) => {
    expect(hmacSha256(createSecretKey(key), data).toString('hex')).toBe(mac);
    expect(hmacSha256(createSecretKey(key), data.subarray(0, 3), data.subarray(3)).toString('hex')).toBe(mac);
  });
});

describe('lengthPrefixed', () => {
  it('puts the length in bytes, big-endian, before each part', () => {
    const prefixed = lengthPrefixed(['é', '', Buffer.from([0xff])]);

    expect(prefixed.toString('hex')).toBe('00000002c3a90000000000000001ff');
  });

  it('has a length of more than one byte', () => {
    expect(
      lengthPrefixed(['x'.repeat(0x010203)])
        .subarray(0, 4)
        .toString('hex'),
    ).toBe('00010203');
  });

  it('gives nothing for no part, and four zeros for an empty one', () => {
    expect(lengthPrefixed([])).toHaveLength(0);
    expect(lengthPrefixed(['']).toString('hex')).toBe('00000000');
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
