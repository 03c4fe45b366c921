import { readAddress, readHash, readNumber, readQuantity } from './hex';

describe('readQuantity', () => {
  it.each([
    ['0x0', 0n],
    ['0xAbC', 0xabcn],
    ['0x00ff', 255n],
    [`0x${'F'.repeat(64)}`, 2n ** 256n - 1n],
  ])('reads %s', (text, quantity) => {
    expect(readQuantity(text)).toBe(quantity);
  });

  it.each([
    '',
    '0x',
    '1',
    'x0x1',
    ' 0x1',
    '0x1 ',
    '0x1\n',
    '0xg',
    '-0x1',
    '0x1.0',
    `0x${'1'.repeat(65)}`,
    1,
    1n,
    null,
  ])('refuses %p', (value) => {
    expect(readQuantity(value)).toBeUndefined();
  });

  it('is no bound of numbers, which are read as far as they are exact', () => {
    expect(readNumber('0x1FFFFFFFFFFFFF')).toBe(Number.MAX_SAFE_INTEGER);
    expect(readQuantity('0x20000000000000')).toBe(2n ** 53n);
    expect(readNumber('0x20000000000000')).toBeUndefined();
  });
});

describe('readers of bytes', () => {
  it.each([
    ['an address', readAddress, 40],
    ['a hash', readHash, 64],
  ])('read %s in each spelling, and nothing longer or shorter', (_, read, digits) => {
    const value = `0x${'aB'.repeat(digits / 2)}`;
    const { length } = value;

    expect(read(value)).toBe(value.toLowerCase());
    expect(read(value.toLowerCase())).toBe(value.toLowerCase());
    const wrong = [
      `${value}00`,
      value.slice(0, -2),
      `x${value}`,
      `x${value}`.slice(0, length),
      `${value.slice(0, -1)}\n`,
      `00${value.slice(2)}`,
    ];
    expect(wrong.map((text) => read(text))).toEqual(wrong.map(() => undefined));
  });
});
