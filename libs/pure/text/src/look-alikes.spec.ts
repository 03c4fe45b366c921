import fc from 'fast-check';
import { foldConfusables, foldLookAlikes } from './look-alikes';

describe('texts that look alike', () => {
  it.each([
    ['Team', 'TEAM'],
    ['TEAM', 'ТЕАМ'],
    ['Pop', 'Рор'],
    ['scope', 'ѕсоре'],
    ['BETA', 'ΒΕΤΑ'],
    ['Kit', 'Кіт'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['Ｔｅａｍ', 'Team'],
    ['Ame\u0301lie', 'Am\u00e9lie'],
    ['\u212aelvin', 'kelvin'],
    ['NATION', 'ΝΑΤΙΟΝ'],
    ['Ädda', 'ӒDDА'],
    ['Team 1', 'Team 1\ufe0f'],
    ['🔥🔥', '🔥\u200d🔥'],
    ['山田', '山\u{e0100}田'],
  ])('%s and %s have one form', (one, other) => {
    expect(foldConfusables(one)).toBe(foldConfusables(other));
  });

  it('have one form in each case of every letter', () => {
    const letters = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(
      (letter) => /\p{Changes_When_Casemapped}/u.test(letter),
    );
    const different = letters.filter((letter) => {
      const forms = [letter, letter.toLowerCase(), letter.toUpperCase()].map(foldConfusables);
      return new Set([...forms, ...forms.map(foldConfusables)]).size > 1;
    });
    expect(letters.length).toBeGreaterThan(2500);
    expect(different).toEqual([]);
  });

  it.each([
    ['Team', 'Teams'],
    ['Émile', 'Emile'],
    ['Мир', 'Мор'],
    ['Жук', 'Лук'],
    ['山田', '山川'],
  ])('%s and %s do not', (one, other) => {
    expect(foldConfusables(one)).not.toBe(foldConfusables(other));
  });

  it('have a form that stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const folded = foldConfusables(text);
        expect(foldConfusables(folded)).toBe(folded);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['paypal', 'paypa1'],
    ['google', 'g00gle'],
    ['modern', 'modem'],
  ])('%s and %s look alike in ASCII', (one, other) => {
    expect(foldLookAlikes(one)).toBe(foldLookAlikes(other));
  });
});
