import { evidenceOf, formatAmount, isStale, plainWords, readAmount } from './wallets.js';

describe('formatAmount', () => {
  it.each([
    ['2500000', 6, '2.5'],
    ['1', 9, '0.000000001'],
    ['0', 9, '0'],
    ['-250000000', 9, '-0.25'],
    ['10000000000', 9, '10'],
    ['123456789012345678901234567890', 18, '123456789012.34567890123456789'],
    ['7', 0, '7'],
    ['9000000', null, '9000000'],
    ['1e9', 9, '1e9'],
  ])('shows %s with %s decimals as %s', (amount, decimals, shown) => {
    expect(formatAmount(amount, decimals)).toBe(shown);
  });
});

describe('readAmount', () => {
  it.each([
    ['2.5', 6, '2500000'],
    [' 0.000000001 ', 9, '1'],
    ['0', 9, '0'],
    ['007', 0, '7'],
    ['123456789012.34567890123456789', 18, '123456789012345678901234567890'],
    ['0.0000000001', 9, null],
    ['1.0', 0, null],
    ['1,5', 6, null],
    ['1e3', 6, null],
    ['-1', 6, null],
    ['.5', 6, null],
    ['1.', 6, null],
    ['0x10', 6, null],
    ['1 000', 6, null],
    ['', 6, null],
  ])('reads %j with %s decimals as %s', (text, decimals, amount) => {
    expect(readAmount(text, decimals)).toBe(amount);
  });
});

describe('evidenceOf', () => {
  const balance = { amount: '5', amountReason: null, verification: 'agreed' } as const;
  const transaction = { status: 'succeeded', isFinal: true, verification: 'agreed' } as const;

  it.each([
    [balance, 'final'],
    [{ ...balance, verification: 'single' } as const, 'unverified'],
    [{ ...balance, amount: null, amountReason: 'differ', verification: 'none' } as const, 'differ'],
    [{ ...balance, amount: null, verification: 'none' } as const, 'not_asked'],
    [transaction, 'final'],
    [{ ...transaction, isFinal: false }, 'pending'],
    [{ ...transaction, isFinal: false, verification: 'single' } as const, 'unverified'],
  ])('calls %j %s', (item, evidence) => {
    expect(evidenceOf(item)).toBe(evidence);
    expect(plainWords[evidenceOf(item)]).toMatch(/\.$/);
  });
});

describe('isStale', () => {
  const since = '2026-11-20T08:00:00.000Z';
  const block = { number: 1, hash: null };

  it.each([
    [block, null, false],
    [block, since, true],
    [null, null, true],
  ])('says of a chain as of %j, stale since %s: %s', (asOfBlock, staleSince, stale) => {
    expect(isStale({ asOfBlock, staleSince })).toBe(stale);
  });
});
