import { normalizePhoneNumber } from './phone-number';

describe('normalizePhoneNumber', () => {
  it.each([
    ['+79001234567', '+79001234567'],
    ['79001234567', '+79001234567'],
    ['+1234567', '+1234567'],
    ['123456789012345', '+123456789012345'],
  ])('writes %s as %s', (text, expected) => {
    expect(normalizePhoneNumber(text)).toBe(expected);
  });

  it.each([
    '',
    '+',
    '123456',
    '+1234567890123456',
    '+07900123456',
    '++79001234567',
    '+7 900 123 45 67',
    '+7(900)1234567',
    '+7-900-123-45-67',
    ' 79001234567',
    '79001234567\n',
    '٧٩٠٠١٢٣٤٥٦٧',
    '1e10',
    '+7900123456x',
  ])('reads no number in %j', (text) => {
    expect(normalizePhoneNumber(text)).toBeNull();
  });
});
