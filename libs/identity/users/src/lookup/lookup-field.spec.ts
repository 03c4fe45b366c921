import { normalizeLookedUp } from './lookup-field';

describe('normalizeLookedUp', () => {
  it.each([
    ['username', '@AdaLovelace', 'adalovelace'],
    ['username', 'ada_1', 'ada_1'],
    ['username', '@@ada', '@ada'],
    ['username', '\u212aelvin', '\u212aelvin'],
    ['phoneNumber', '+4930123456', '4930123456'],
    ['phoneNumber', '+49 (30) 12-34.56', '4930123456'],
  ] as const)('takes the %s %s for %s', (field, value, normalized) => {
    expect(normalizeLookedUp(field, value)).toBe(normalized);
  });
});
