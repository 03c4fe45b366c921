import { createDecipheriv, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { openUnder, sealUnder, SealError } from '.';
import { counting } from '../testing/rings';
import { spellingsOf, thrownBy } from '../testing/thrown';
import { deriveKey } from './derived-seal';

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

describe('deriveKey', () => {
  it('gives the answer of RFC 5869, test case 3, as far as 32 bytes', () => {
    expect(deriveKey(Buffer.alloc(22, 0x0b), '').toString('hex')).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d',
    );
  });

  it('is extract and expand with the purpose as info', () => {
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(SECRET).digest();
    const expanded = createHmac('sha256', extracted).update('purpose\u0001').digest();

    expect(deriveKey(SECRET, 'purpose')).toEqual(expanded);
  });
});

describe('sealUnder', () => {
  it('writes nonce, ciphertext and tag', () => {
    const blob = sealUnder(SECRET, 'refresh-successor', PLAINTEXT, 'session 7f3c', counting);

    expect(blob.toString('hex')).toBe(BLOB.toString('hex'));
  });

  it('can be opened by plain AES-256-GCM', () => {
    const key = deriveKey(SECRET, 'refresh-successor');
    const decipher = createDecipheriv('aes-256-gcm', key, BLOB.subarray(0, 12));
    decipher.setAAD(Buffer.from('session 7f3c')).setAuthTag(BLOB.subarray(-16));

    expect(decipher.update(BLOB.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe(
      'the next token',
    );
  });

  it('never gives the same blob twice', () => {
    const blobs = Array.from({ length: 50 }, () => sealUnder(SECRET, 'p', PLAINTEXT, '').toString('hex'));

    expect(new Set(blobs).size).toBe(50);
  });

  it.each([0, 15])('refuses a secret of %d bytes', (length) => {
    expect(() => sealUnder(Buffer.alloc(length, 'x'), 'p', PLAINTEXT, '')).toThrow(RangeError);
  });
});

describe('openUnder', () => {
  it('opens what was sealed', () => {
    expect(opened()).toEqual(PLAINTEXT);
  });

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
