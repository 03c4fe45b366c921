import { formDecoded } from './encoding';

describe('formDecoded', () => {
  it.each([
    ['', ''],
    ['plain-text', 'plain-text'],
    ['a+b+c', 'a b c'],
    ['a%2Bb+c', 'a+b c'],
    ['%F0%9F%A6%8A%20', '🦊 '],
    ['%2541', '%41'],
    ['a=b&c', 'a=b&c'],
  ])('reads %j as %j', (text, decoded) => {
    expect(formDecoded(text)).toBe(decoded);
  });

  it.each(['%', '%4', '%zz', 'a%FF', '%C0%80', '%ED%A0%BE'])('does not read %j', (text) => {
    expect(formDecoded(text)).toBeUndefined();
  });
});
