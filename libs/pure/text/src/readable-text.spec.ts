import fc from 'fast-check';
import { hasOneScriptPerWord } from './one-script';
import { countGraphemes, readText } from './readable-text';

const BOUNDS = { maxGraphemes: 10, maxBytes: 200 };

describe('text that people read', () => {
  it.each([
    ['a name', 'Ada', 'Ada'],
    ['white space around and within', '  Ada \u3000 Byron ', 'Ada Byron'],
    ['a decomposed letter, as one', 'Ame\u0301lie', 'Am\u00e9lie'],
    ['a family of four as one character', '👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
    ['a hand with a skin tone', '👋🏽', '👋🏽'],
    ['a flag of a country', '🇺🇦', '🇺🇦'],
    ['a flag of a region', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['a heart with a variation selector', '❤️', '❤️'],
    ['a keycap', '1️⃣', '1️⃣'],
    ['a non-joiner between Persian letters', 'می‌خواهم', 'می‌خواهم'],
    ['a joiner in Devanagari', 'क्‍ष', 'क्‍ष'],
    ['ten clusters of two code points', 'x\u0323'.repeat(10), 'x\u0323'.repeat(10)],
  ])('is taken with %s', (_, input, stored) => {
    expect(readText(input, BOUNDS)).toEqual({ ok: true, value: stored });
  });

  it.each([
    ['nothing', '', 'empty'],
    ['white space alone', ' \u00a0\u3000 ', 'empty'],
    ['marks alone', '\u0301\u0302', 'empty'],
    ['eleven characters', 'abcdefghijk', 'too_long'],
    ['one character with a hundred marks', `x${'\u0323'.repeat(60)}`, 'too_long'],
    ['a few characters of many bytes', '👨‍👩‍👧‍👦'.repeat(9), 'too_long'],
    ['a right-to-left override', 'Ada\u202egnp.exe', 'bidirectional'],
    ['an isolate', '\u2067Ada\u2069', 'bidirectional'],
    ['a left-to-right mark at the end', 'Ada\u200e', 'bidirectional'],
    ['an Arabic letter mark', 'Ada\u061c', 'bidirectional'],
    ['a line break', 'Ada\u0007', 'control_character'],
    ['a zero width space', 'A\u200bda', 'control_character'],
    ['a joiner between Latin letters', 'A\u200dda', 'control_character'],
    ['a non-joiner at the end', 'Ada\u200c', 'control_character'],
    ['a soft hyphen', 'A\u00adda', 'control_character'],
    ['a Hangul filler', 'Ada\u3164', 'control_character'],
    ['a word joiner', 'A\u2060da', 'control_character'],
    ['tag characters without a flag', 'Ada\u{e0041}\u{e007f}', 'control_character'],
    ['a private character', 'Ada\ue000', 'control_character'],
    ['an unassigned character', 'Ada\u{e1000}', 'control_character'],
    ['a variation selector behind a letter', 'a\ufe0f', 'control_character'],
    ['a grapheme joiner', 'a\u034fb', 'control_character'],
  ])('is refused with %s', (_, input, code) => {
    expect(readText(input, BOUNDS)).toEqual({ ok: false, code });
  });

  it('is stored in a form that is read as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (input) => {
        const first = readText(input.toWellFormed(), BOUNDS);
        if (!first.ok) return;
        expect(readText(first.value, BOUNDS)).toEqual(first);
        expect(countGraphemes(first.value)).toBeLessThanOrEqual(BOUNDS.maxGraphemes);
        expect(first.value).toBe(first.value.normalize('NFC'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('words of a display name', () => {
  it.each([
    'Ada',
    'Ščekatý',
    'Фёдор',
    'Ada Фёдор 鳥居',
    'Ada2000',
    'すずきイチロー鈴木',
    '김金',
    'ㄅ注音',
    'Ἀριστοτέλης',
    'محمد',
    "O'Neil-Smith",
    '★Ada★',
    'ไทย',
    '👩‍💻',
  ])('are of one script in %s', (name) => {
    expect(hasOneScriptPerWord(name)).toBe(true);
  });

  it.each(['Pаypal', 'Adа', 'Google Ρay', 'Adaすず', 'Фёдорa', 'ㄅ김', '𐎠𐎡'])('are not in %s', (name) => {
    expect(hasOneScriptPerWord(name)).toBe(false);
  });
});
