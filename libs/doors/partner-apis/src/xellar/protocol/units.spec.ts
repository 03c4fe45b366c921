import { toSmallest, toWhole } from './units';

describe('amounts in whole units', () => {
  it.each([
    [0n, 18, '0.0'],
    [90_000_000n, 6, '90.0'],
    [20_000_000_000_000_000n, 18, '0.02'],
    [1n, 18, '0.000000000000000001'],
    [7n, 0, '7'],
    [2n ** 256n - 1n, 77, `1.${(2n ** 256n - 1n).toString().slice(1)}`],
  ])('%s with %s decimals is %s, and back', (amount, decimals, text) => {
    expect(toWhole(amount, decimals)).toBe(text);
    expect(toSmallest(text, decimals)).toBe(amount.toString());
  });

  it.each([
    ['1', 18, `1${'0'.repeat(18)}`],
    ['0.015', 3, '15'],
    ['1.500', 1, '15'],
    ['0.0', 0, '0'],
  ])('%s with %s decimals is %s of the smallest', (text, decimals, amount) => {
    expect(toSmallest(text, decimals)).toBe(amount);
  });

  it.each(['', '.5', '5.', '-1', '+1', '1e3', '0x1', '01', '1,5', ' 1', '1 ', '١', '0.001', undefined])(
    '%s is none with two decimals',
    (text) => {
      expect(toSmallest(text, 2)).toBe('');
    },
  );
});
