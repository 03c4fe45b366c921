import { createDecipheriv, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { generateKeyRing, KeyRing, openUnder, sealUnder, SealError } from '.';
import { counting } from '../testing/rings';
import { spellingsOf, thrownBy } from '../testing/thrown';
import { hkdfSha256 } from './hash';

const SECRET = counting(32);
const PLAINTEXT = Buffer.from('the next token');
// Computed with Python's cryptography.
const BLOB = Buffer.from(
  '000102030405060708090a0b34f0c1c5cb1a01e3e5582391fd053e0818ebd7ac1e6c00b6604714a25d2d',
  'hex',
);

const opened = (
  secret = SECRET,
  purpose = 'refresh-successor',
  blob = BLOB,
  associatedData = 'session 7f3c',
) => openUnder(secret, purpose, blob, associatedData);

describe('hkdfSha256', () => {
  it('gives the answer of RFC 5869, test case 3, as far as 32 bytes', () => {
    expect(hkdfSha256(Buffer.alloc(22, 0x0b), '').toString('hex')).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d',
    );
  });
});

describe('sealUnder', () => {
  it('never gives the same blob twice', () => {
    const blobs = Array.from({ length: 50 }, () => sealUnder(SECRET, 'p', PLAINTEXT, '').toString('hex'));

    expect(new Set(blobs).size).toBe(50);
  });

  it.each([0, 15])('refuses a secret of %d bytes', (length) => {
    expect(() => sealUnder(Buffer.alloc(length, 'x'), 'p', PLAINTEXT, '')).toThrow(RangeError);
  });
});

describe('openUnder', () => {
  it('opens any bytes under any secret', () => {
    const bytes = (minLength: number) =>
      fc.uint8Array({ minLength, maxLength: 64 }).map((b) => Buffer.from(b));
    fc.assert(
      fc.property(bytes(16), fc.string(), bytes(0), fc.string(), (secret, purpose, plaintext, data) => {
        expect(openUnder(secret, purpose, sealUnder(secret, purpose, plaintext, data), data)).toEqual(
          plaintext,
        );
      }),
    );
  });

  const refused: readonly [string, () => Buffer][] = [
    ['another secret', () => opened(Buffer.alloc(32, 1))],
    ['a longer secret', () => opened(Buffer.concat([SECRET, Buffer.alloc(1)]))],
    ['no secret', () => opened(Buffer.alloc(0))],
    ['another purpose', () => opened(SECRET, 'refresh-successo')],
    ['other associated data', () => opened(SECRET, 'refresh-successor', BLOB, 'session 7f3d')],
    ['a byte more', () => opened(SECRET, 'refresh-successor', Buffer.concat([BLOB, Buffer.alloc(1)]))],
  ];

  it.each(refused)('refuses %s, and names no secret', (_, open) => {
    const error = thrownBy(open);

    expect(error).toBeInstanceOf(SealError);
    expect(error).toMatchObject({ code: 'tampered' });
    for (const spelling of [...spellingsOf(SECRET), ...spellingsOf(PLAINTEXT), BLOB.toString('hex')]) {
      expect(inspect(error)).not.toContain(spelling);
    }
  });

  it('refuses every changed byte and every truncation', () => {
    for (let at = 0; at < BLOB.length; at++) {
      const changed = Buffer.from(BLOB);
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      for (const blob of [changed, BLOB.subarray(0, at), BLOB.subarray(at + 1)]) {
        expect(() => opened(SECRET, 'refresh-successor', blob)).toThrow(SealError);
      }
    }
  });
});

describe('sealUnder, with a key of the ring', () => {
  const aKey = () => KeyRing.parse(JSON.stringify(generateKeyRing())).active('sealing');
  const [key, other] = [aKey(), aKey()];
  const blob = sealUnder(SECRET, 'answered', PLAINTEXT, 'session 7f3c', key);
  const openBoth = (keys = [key], secret = SECRET, purpose = 'answered', data = 'session 7f3c') =>
    openUnder(secret, purpose, blob, data, keys);

  it('derives from the key of the ring with the secret as salt (RFC 5869), and seals as `sealUnder`', () => {
    const extracted = createHmac('sha256', SECRET).update(key.secret.export()).digest();
    const derived = createHmac('sha256', extracted).update('answered\u0001').digest();
    const decipher = createDecipheriv('aes-256-gcm', derived, blob.subarray(0, 12));
    decipher.setAAD(Buffer.from('session 7f3c')).setAuthTag(blob.subarray(-16));

    expect(decipher.update(blob.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe(
      'the next token',
    );
  });

  it('is opened with any key of the ring that sealed it', () => {
    expect(openBoth()).toEqual(PLAINTEXT);
    expect(openBoth([other, key])).toEqual(PLAINTEXT);
  });

  it.each<[string, () => Buffer]>([
    ['another key of the ring', () => openBoth([other])],
    ['no key', () => openBoth([])],
    ['another secret', () => openBoth([key], counting(33))],
    ['another purpose', () => openBoth([key], SECRET, 'answere')],
    ['other associated data', () => openBoth([key], SECRET, 'answered', 'session 7f3d')],
    ['the secret alone', () => openUnder(SECRET, 'answered', blob, 'session 7f3c')],
    ['the key alone', () => openUnder(key.secret.export(), 'answered', blob, 'session 7f3c')],
    ['nothing', () => openUnder(SECRET, 'answered', Buffer.alloc(0), 'session 7f3c', [key])],
  ])('refuses %s', (_, open) => {
    expect(thrownBy(open)).toBeInstanceOf(SealError);
  });
});
