import { instant } from './call';

describe('an instant as an option', () => {
  it.each([
    ['2026-01-31T23:59:00Z', '2026-01-31T23:59:00.000Z'],
    ['2026-01-31T23:59Z', '2026-01-31T23:59:00.000Z'],
    ['2026-01-31T23:59:00.25+03:30', '2026-01-31T20:29:00.250Z'],
    ['2028-02-29T00:00:00-00:30', '2028-02-29T00:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(instant('until', text).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'tomorrow',
    '2026-01-31',
    '2026-01-31T23:59:00',
    '2026-01-31 23:59:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '1769903940',
    '2026-01-31T23:59:00Zx',
  ])('%j is none, and the option is named', (text) => {
    expect(() => instant('until', text)).toThrow(/^--until must be an instant/);
  });
});
