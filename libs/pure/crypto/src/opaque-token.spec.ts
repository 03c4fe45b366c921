import { createHash, createHmac, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { decodeToken, mintToken, readToken, tokenDigest } from '.';
import { aRing, counting, secretOf } from '../testing/rings';

const BODY = counting(32);
// Computed with Python's hmac.
const TOKEN = 'cs_at_t2_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9mQMho92TPsA';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const ring = aRing();
const read = (text: unknown) => readToken(ring, 'cs_at', 32, text);

describe('mintToken', () => {
  it('writes prefix, id of the active key, body and tag', () => {
    expect(mintToken(ring, 'cs_at', BODY)).toBe(TOKEN);
  });

  it.each(['', 'CS', 'cs_', '_cs', 'cs__at', 'cs-at', 'cs at'])('refuses the prefix %j', (prefix) => {
    expect(() => mintToken(ring, prefix, BODY)).toThrow(TypeError);
  });
});

describe('readToken', () => {
  it('gives any body of any length back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom('cs_at', 'cs_rt', 'x'),
        (bytes, prefix) => {
          const token = mintToken(ring, prefix, Buffer.from(bytes));
          expect(readToken(ring, prefix, bytes.length, token)).toEqual(Buffer.from(bytes));
          expect(readToken(ring, prefix, bytes.length + 1, token)).toBeNull();
          expect(readToken(ring, prefix, bytes.length - 1, token)).toBeNull();
        },
      ),
    );
  });

  it('reads tokens of an older key while the ring has it, whatever the length of its id', () => {
    const old = mintToken(aRing({ token: ['abcdefgh12345678'] }), 'cs_at', BODY);

    expect(readToken(aRing({ token: ['t3', 'abcdefgh12345678'] }), 'cs_at', 32, old)).toEqual(BODY);
    expect(read(old)).toBeNull();
  });

  it('refuses a token that another ring minted under the same key id', () => {
    const body = randomBytes(32);
    const tag = createHmac('sha256', secretOf('elsewhere')).update('cs_at_t2_').update(body).digest();
    const forged = `cs_at_t2_${Buffer.concat([body, tag.subarray(0, 8)]).toString('base64url')}`;

    expect(read(forged)).toBeNull();
  });

  it('refuses another prefix, also where the tag would have fitted', () => {
    expect(readToken(ring, 'cs_rt', 32, TOKEN)).toBeNull();
    expect(readToken(ring, 'cs', 32, TOKEN)).toBeNull();
    expect(read(TOKEN.replace('cs_at', 'cs_rt'))).toBeNull();
    expect(readToken(ring, 'cs_rt', 32, TOKEN.replace('cs_at', 'cs_rt'))).toBeNull();
  });

  it('is no token with another separator, whose tag is not looked at', () => {
    expect(decodeToken(ring, 'cs_at', 32, TOKEN)?.body).toEqual(BODY);
    expect(decodeToken(ring, 'cs_at', 32, TOKEN.replace('_t2_', '_t2x'))).toBeNull();
  });

  it('refuses every other character at every place', () => {
    for (let at = 0; at < TOKEN.length; at++) {
      for (const character of `${BASE64URL}+/=:. \0é`) {
        if (character === TOKEN[at]) continue;
        expect(read(TOKEN.slice(0, at) + character + TOKEN.slice(at + 1))).toBeNull();
      }
    }
  });

  it('refuses every truncation, insertion and repetition', () => {
    for (let at = 0; at < TOKEN.length; at++) {
      expect(read(TOKEN.slice(0, at))).toBeNull();
      expect(read(TOKEN.slice(at + 1))).toBeNull();
      expect(read(TOKEN.slice(0, at) + TOKEN.slice(at + 1))).toBeNull();
      for (const extra of ['A', '_', '=', ' ', '\n']) {
        expect(read(TOKEN.slice(0, at) + extra + TOKEN.slice(at))).toBeNull();
      }
    }
    for (const extra of ['A', '=', '==', '\n', TOKEN]) expect(read(TOKEN + extra)).toBeNull();
  });

  it('refuses spellings that decode to the same bytes', () => {
    // 33 + 8 = 41 bytes leave two spare bits in the last character.
    const token = mintToken(ring, 'cs_at', counting(33));
    const last = BASE64URL.indexOf(token.at(-1) ?? '');
    const respelled = token.slice(0, -1) + BASE64URL.charAt(last + 1);

    expect(Buffer.from(respelled.slice(9), 'base64url')).toEqual(Buffer.from(token.slice(9), 'base64url'));
    expect(readToken(ring, 'cs_at', 33, token)).toEqual(counting(33));
    expect(readToken(ring, 'cs_at', 33, respelled)).toBeNull();

    const dashes = mintToken(ring, 'cs_at', Buffer.alloc(32, 0xfb));
    expect(read(dashes)).toEqual(Buffer.alloc(32, 0xfb));
    expect(read(dashes.slice(0, 9) + dashes.slice(9).replaceAll('-', '+').replaceAll('_', '/'))).toBeNull();
  });

  it('never throws', () => {
    const lengths = fc.oneof(fc.integer({ min: -100, max: 100 }), fc.constantFrom(NaN, Infinity, 1.5));
    const tails = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...BASE64URL) }), fc.anything());
    fc.assert(
      fc.property(
        lengths,
        fc.constantFrom('', 'cs_at_', 'cs_at_t2', 'cs_at_t2_'),
        tails,
        (length, head, tail) => {
          const text = typeof tail === 'string' ? head + tail : tail;
          expect(readToken(ring, 'cs_at', length, text)).toBeNull();
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('tokenDigest', () => {
  it('is SHA-256 over the whole text', () => {
    expect(tokenDigest(TOKEN).toString('hex')).toBe(
      '507d0000baeca12c83c795eaf2c83a08093c9f9d13fd8d7f43a49cce8c1f7a6f',
    );
    expect(tokenDigest(TOKEN)).toEqual(createHash('sha256').update(TOKEN).digest());
  });
});
