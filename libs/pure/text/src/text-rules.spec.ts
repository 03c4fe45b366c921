import { hasControlCharacter, hasLoneSurrogate, isLongerThan } from './text-rules';

describe('hasControlCharacter', () => {
  it.each(['\0', '\n', '\u001f', '\u007f', '\u0080', '\u009f', 'a\tb'])('finds one in %j', (text) => {
    expect(hasControlCharacter(text)).toBe(true);
  });

  it.each(['', ' ', '~', '\u00a0', '\u200d', '\u2028', 'Łukasz 🦊'])('finds none in %j', (text) => {
    expect(hasControlCharacter(text)).toBe(false);
  });
});

describe('hasLoneSurrogate', () => {
  it.each([
    ['\ud83e', true],
    ['\udd8a\ud83e', true],
    ['a\udd8ab', true],
    ['🦊', false],
    ['', false],
  ])('says of %j: %s', (text, expected) => {
    expect(hasLoneSurrogate(text)).toBe(expected);
  });
});

describe('isLongerThan', () => {
  it.each([
    ['', 0, false],
    ['abcd', 4, false],
    ['abcde', 4, true],
    ['яя', 4, false],
    ['яяa', 4, true],
    ['яяяя', 4, true],
    ['🦊', 4, false],
    ['🦊', 3, true],
  ])('counts the bytes of %j against %d: %s', (text, bytes, expected) => {
    expect(isLongerThan(bytes, text)).toBe(expected);
  });
});
