import { createDecipheriv } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { open, openBytes, seal, sealBytes, SealError, type AssociatedData, type Sealed } from '.';
import { aRing, secretOf } from '../testing/rings';
import { spellingsOf, thrownBy } from '../testing/thrown';

const AAD: AssociatedData = { table: 'identities', column: 'display_name', row: '7f3c' };
const PLAINTEXT = 'Зоя 🦊';
const KEY = aRing().active('sealing');

// Computed with Python's cryptography, with the nonce 00 01 .. 0b.
const SEALED = 'v1:k2:AAECAwQFBgcICQoLPkMd_0Z0llSus5N-E7Dg6BCTSJhyHN4OEP1O' as Sealed;
const SEALED_EMPTY = 'v1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA' as Sealed;
const SEALED_BYTES = 'v1:k2:AAECAwQFBgcICQoL7itNXe74Q1nN3KAmvgxVs4XTdQ' as Sealed;

const codeOf = (text: string, aad = AAD) => {
  const error = thrownBy(() => open(KEY, aad, text as Sealed));
  return error instanceof SealError ? error.code : error;
};

describe('seal', () => {
  it('writes version, key id, nonce, ciphertext and tag, under the active key of a ring', () => {
    for (const keys of [KEY, aRing()]) {
      const box = /^v1:k2:([\w-]+)$/.exec(seal(keys, AAD, PLAINTEXT))?.[1] ?? '';
      expect(Buffer.from(box, 'base64url')).toHaveLength(12 + Buffer.byteLength(PLAINTEXT) + 16);
    }
  });

  it('can be opened by plain AES-256-GCM with the documented associated data', () => {
    const box = Buffer.from(SEALED.slice(6), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', secretOf('k2'), box.subarray(0, 12));
    const parts = ['\u0002v1', '\u0002k2', '\u000aidentities', '\u000cdisplay_name', '\u00047f3c'];
    decipher.setAAD(Buffer.from(parts.map((part) => `\0\0\0${part}`).join(''), 'latin1'));
    decipher.setAuthTag(box.subarray(-16));

    expect(decipher.update(box.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe(
      PLAINTEXT,
    );
  });

  it('never gives the same text twice', () => {
    expect(new Set(Array.from({ length: 50 }, () => seal(KEY, AAD, PLAINTEXT))).size).toBe(50);
  });

  it.each(['\ud83e', 'x\udd8a', '\udd8a\ud83e'])('refuses text that would open changed: %j', (text) => {
    expect(() => seal(KEY, AAD, text)).toThrow(TypeError);
  });

  it.each(['', 'k:1', 'K1', 'a'.repeat(17)])('refuses a key that an envelope cannot name: %j', (id) => {
    expect(() => seal({ id, secret: KEY.secret }, AAD, PLAINTEXT)).toThrow(TypeError);
  });
});

describe('open', () => {
  it('opens with the key, or with any of a ring', () => {
    expect(open(KEY, AAD, SEALED)).toBe(PLAINTEXT);
    expect(open(aRing({ sealing: ['k3', 'k2'] }), AAD, SEALED)).toBe(PLAINTEXT);
    expect(open(KEY, AAD, SEALED_EMPTY)).toBe('');
    expect(openBytes(KEY, AAD, SEALED_BYTES)).toEqual(Buffer.from([0, 255, 128]));
  });

  it('gives any text and any bytes back, at any place', () => {
    const text = fc.string({ unit: 'binary' });
    const aad = fc.record({ table: text, column: text, row: text });
    fc.assert(
      fc.property(aad, text, fc.uint8Array(), (where, plaintext, bytes) => {
        expect(open(KEY, where, seal(KEY, where, plaintext))).toBe(plaintext);
        expect(openBytes(KEY, where, sealBytes(KEY, where, Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('opens at no other place, whichever', () => {
    const aad = fc.record({ table: fc.string(), column: fc.string(), row: fc.string() });
    fc.assert(
      fc.property(aad, aad, (a, b) => {
        fc.pre(a.table !== b.table || a.column !== b.column || a.row !== b.row);
        expect(codeOf(seal(KEY, a, PLAINTEXT), b)).toBe('tampered');
      }),
    );
  });

  it('refuses an unknown key id', () => {
    expect(codeOf(SEALED.replace('k2', 'k3'))).toBe('unknown_key');
    const ring = aRing({ sealing: ['k1'] });
    expect(thrownBy(() => open(ring, AAD, SEALED))).toMatchObject({ code: 'unknown_key', keyId: 'k2' });
  });

  it('refuses another key under the same id, and the same key under another id', () => {
    const other = aRing().all('sealing')[1];
    if (!other) throw new Error('no second key');

    expect(thrownBy(() => open({ id: 'k2', secret: other.secret }, AAD, SEALED))).toMatchObject({
      code: 'tampered',
    });
    const renamed = { id: 'k3', secret: KEY.secret };
    expect(thrownBy(() => open(renamed, AAD, SEALED.replace('k2', 'k3') as Sealed))).toMatchObject({
      code: 'tampered',
    });
  });

  it('refuses every changed bit, every truncation and every other character', () => {
    const box = Buffer.from(SEALED.slice(6), 'base64url');
    for (let bit = 0; bit < box.length * 8; bit++) {
      const changed = Buffer.from(box);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codeOf(`v1:k2:${changed.toString('base64url')}`)).toBe('tampered');
    }
    for (let at = 0; at < SEALED.length; at++) {
      expect(['malformed', 'tampered']).toContain(codeOf(SEALED.slice(0, at)));
      for (const character of 'Az09-_:=+/ \0é') {
        if (character === SEALED[at]) continue;
        const code = codeOf(SEALED.slice(0, at) + character + SEALED.slice(at + 1));
        expect(['malformed', 'unknown_key', 'tampered']).toContain(code);
      }
    }
  });

  it.each([
    '',
    ':',
    'v1',
    'v1:k2',
    'v1:k2:',
    'v1::AAAA',
    'v2:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA',
    'V1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA',
    ' v1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA',
    'v1:K2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA',
    'v1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA==',
    'v1:k2:AAECAwQFBgcICQoLsXsG/1t03zqUH+Iqi2s7UA',
    'v1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UB',
    'v1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA\n',
    'v1:k2:AAECAwQFBgcICQoLsXsG_1t0 3zqUH-Iqi2s7UA',
    'v1:k2:AAECAwQFBgcICQoLsXsG_1t03zqUH-Iqi2s7UA:',
    `v1:k2:${Buffer.alloc(27).toString('base64url')}`,
    `v1:k2:${Buffer.alloc(40).toString('hex')}!`,
    'in clear',
  ])('refuses as malformed: %j', (text) => {
    expect(codeOf(text)).toBe('malformed');
  });

  it('tells neither key nor text when it refuses', () => {
    const failures = [
      () => open(KEY, { ...AAD, row: 'x' }, SEALED),
      () => open(aRing({ sealing: ['k1'] }), AAD, SEALED),
      () => open(KEY, AAD, PLAINTEXT as Sealed),
      () => seal(KEY, AAD, `${PLAINTEXT}\ud800`),
    ];
    for (const failure of failures) {
      const shown = inspect(thrownBy(failure), { showHidden: true });
      for (const spelling of [...spellingsOf(secretOf('k2')), PLAINTEXT, SEALED.slice(6)]) {
        expect(shown).not.toContain(spelling);
      }
    }
  });
});
