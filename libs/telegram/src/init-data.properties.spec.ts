import * as fc from 'fast-check';
import { aTelegramUser, FakeTelegram } from '../testing';
import { signedFields } from './check-string';
import { deriveInitDataKey } from './init-data-hash';
import { parseInitData } from './parse-init-data';
import { verifyInitData } from './verify-init-data';

const BOT_TOKEN = '42:TEST';
const telegram = new FakeTelegram();
const authDate = new Date(1_760_000_000_000);
const user = aTelegramUser({ first_name: 'Ada + Łukasz & =', last_name: '🦊 ?#%' });
const signed = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, startParam: 'a_b-c' });
const hashOnly = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, omitSignature: true });
const pairs = signed.split('&');

const policy = { hmacKeys: [deriveInitDataKey(BOT_TOKEN)], now: authDate, maxAgeSeconds: 3600 };
const both = {
  ...policy,
  signature: { botId: '42', publicKey: telegram.publicKeys.production, policy: 'required' as const },
};

/** A second opinion on what a raw string says. */
function saidBy(raw: string): string {
  return JSON.stringify([...new URLSearchParams(raw)].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function verdict(raw: string): string {
  const result = verifyInitData(raw, both);
  return result.ok ? 'accepted' : result.code;
}

const aPairIndex = fc.nat({ max: pairs.length - 1 });
const aPosition = fc.nat({ max: signed.length - 1 });
const aCharacter = fc.oneof(
  fc.constantFrom(...Array.from('&=%+?#;\0\n"{}[]:,\\/aZ09_-')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);

const aMutation = fc.oneof(
  fc.record({ at: aPosition, length: fc.constant(0), insert: aCharacter }),
  fc.record({ at: aPosition, length: fc.nat({ max: 8 }), insert: fc.constant('') }),
  fc.record({ at: aPosition, length: fc.constant(1), insert: aCharacter }),
  fc.record({
    at: aPosition,
    length: fc.nat({ max: 40 }),
    insert: fc.string({ unit: 'binary', maxLength: 40 }),
  }),
);

describe('init data under change', () => {
  it('is not accepted after one bit of the raw text flipped, unless it says the same', () => {
    fc.assert(
      fc.property(aPosition, fc.nat({ max: 15 }), (at, bit) => {
        const flipped = String.fromCharCode(signed.charCodeAt(at) ^ (1 << bit));
        const raw = signed.slice(0, at) + flipped + signed.slice(at + 1);
        return verdict(raw) !== 'accepted' || saidBy(raw) === saidBy(signed);
      }),
      { numRuns: 1000 },
    );
  });

  it('is not accepted after one bit of a decoded value flipped', () => {
    fc.assert(
      fc.property(aPairIndex, fc.nat(), fc.nat({ max: 7 }), (index, at, bit) => {
        const [name = '', value = ''] = [...new URLSearchParams(signed)][index] ?? [];
        const bytes = Buffer.from(value);
        const position = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
        const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
        const raw = pairs.with(index, `${name}=${encoded}`).join('&');
        expect(verdict(raw)).not.toBe('accepted');
      }),
      { numRuns: 1000 },
    );
  });

  it('is accepted after any change only when it says the same', () => {
    fc.assert(
      fc.property(fc.array(aMutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const raw = mutations.reduce(
          (text, { at, length, insert }) => text.slice(0, at) + insert + text.slice(at + length),
          signed,
        );
        return verdict(raw) !== 'accepted' || saidBy(raw) === saidBy(signed);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not accepted after a field was dropped', () => {
    for (const index of pairs.keys()) {
      expect(verdict(pairs.toSpliced(index, 1).join('&'))).not.toBe('accepted');
    }
  });

  it('is not accepted after a field was doubled, with its own value or another', () => {
    fc.assert(
      fc.property(aPairIndex, fc.nat({ max: pairs.length }), fc.option(fc.string()), (index, at, value) => {
        const pair = pairs[index] ?? '';
        const name = pair.slice(0, pair.indexOf('='));
        const double = value === null ? pair : `${name}=${encodeURIComponent(value)}`;
        expect(verdict(pairs.toSpliced(at, 0, double).join('&'))).not.toBe('accepted');
      }),
    );
  });

  it('is not accepted after a field was added', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), fc.string(), (name, value) => {
        expect(verdict(`${signed}&${name}=${encodeURIComponent(value)}`)).not.toBe('accepted');
      }),
    );
  });

  it('is accepted with its fields in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(pairs, { minLength: pairs.length }), (shuffled) => {
        expect(verdict(shuffled.join('&'))).toBe('accepted');
      }),
    );
  });

  it('is accepted in any spelling of the same values', () => {
    const spell = (character: string, how: number): string => {
      if (how === 0 && character === ' ') return '+';
      if (how === 1 && !/[&+%=]/.test(character)) return character;
      const hex = encodeURIComponent(character);
      const bytes = hex.startsWith('%') ? hex : `%${Buffer.from(character).toString('hex')}`;
      return how === 2 ? bytes.toLowerCase() : bytes;
    };
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 1 }), (choices) => {
        let position = 0;
        const nextSpelling = () => choices[position++ % choices.length] ?? 3;
        const respell = (text: string) => Array.from(text, (one) => spell(one, nextSpelling())).join('');
        const raw = [...new URLSearchParams(signed)]
          .map(([name, value]) => `${respell(name)}=${respell(value)}`)
          .join('&');
        expect(verdict(raw)).toBe('accepted');
      }),
    );
  });
});

describe('hostile input', () => {
  it.each([
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 300 }),
    fc.stringMatching(/^([a-z_]{1,4}=[%0-9A-F+{}":,]{0,12}&?){0,20}$/),
  ])('is refused and never throws (%#)', (anyText) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseInitData(text);
        if (parsed.ok) signedFields(parsed.value);
        return !verifyInitData(text, both).ok;
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws for any user that was signed', () => {
    const anyJson = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({ id: fc.jsonValue(), first_name: fc.jsonValue() }).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anyJson, (json) => {
        const raw = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, extra: { user: json } });
        const result = verifyInitData(raw, both);
        return !result.ok || Number.isSafeInteger(Number(result.value.initData.user.id));
      }),
      { numRuns: 500 },
    );
  });

  it('takes little time at full size, whatever its shape', () => {
    const bodies = ['&', '=', '%', '+', 'a=&', '%41', '%F0', '"', '\\', '{"a":', '[', 'user={', '\u00ff'];
    const started = performance.now();
    for (const body of bodies) {
      for (const prefix of ['', 'user=', 'user={"id":1,"first_name":"']) {
        verifyInitData((prefix + body.repeat(8192)).slice(0, 8192), both);
      }
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('signedFields', () => {
  it('is the same with and without hash and signature, and ordered by name', () => {
    const [one, other] = [signed.replace(/&start_param=[^&]*/, ''), hashOnly].map((raw) => {
      const fields = parseInitData(raw);
      return fields.ok ? signedFields(fields.value) : [];
    });

    expect(one).toEqual(other);
    expect(one?.map(([name]) => name)).toEqual(['auth_date', 'chat_instance', 'chat_type', 'user']);
  });
});
