import { expected, isHash, isQuantity, readAddress, readHash, readNumber, readQuantity } from './hex';

describe('readQuantity', () => {
  it.each([
    ['0x0', '0x0'],
    ['0x1', '0x1'],
    ['0xAbC', '0xabc'],
    ['0x00ff', '0x00ff'],
    [`0x${'f'.repeat(64)}`, `0x${'f'.repeat(64)}`],
    [`0x${'F'.repeat(64)}`, `0x${'f'.repeat(64)}`],
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
    expect(readQuantity('0x20000000000000')).toBe('0x20000000000000');
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

describe('comparisons', () => {
  it.each(['0xff', '0xFF', '0x00ff'])('know 255 as %s', (text) => {
    expect(isQuantity(text, expected(255))).toBe(true);
  });

  it.each(['0xfe', '255', 255, 'x0xff', '', undefined, null])('do not know 255 as %p', (value) => {
    expect(isQuantity(value, expected(255))).toBe(false);
  });

  it('know a hash in each spelling, and no other', () => {
    const hash = `0x${'ab'.repeat(32)}` as const;

    expect([hash, `0x${'AB'.repeat(32)}`, `0x${'aB'.repeat(32)}`].map((one) => isHash(one, hash))).toEqual([
      true,
      true,
      true,
    ]);
    expect([`0x${'ac'.repeat(32)}`, hash.slice(2), undefined, null].map((one) => isHash(one, hash))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
