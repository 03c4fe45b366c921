import { endedMaintenance } from './node-version';

describe('the maintenance of Node', () => {
  it.each([
    ['20.19.2', '2026-04-30T23:59:59Z', null],
    ['20.19.2', '2026-05-01T00:00:00Z', '2026-04-30'],
    ['22.12.0', '2027-04-30T12:00:00Z', null],
    ['22.12.0', '2027-05-01T00:00:00Z', '2027-04-30'],
    ['24.0.0', '2028-05-01T00:00:00Z', '2028-04-30'],
    ['26.0.0', '2040-01-01T00:00:00Z', null],
    ['2.0.0', '2040-01-01T00:00:00Z', null],
  ])('of %s, on %s, ended %s', (version, now, ended) => {
    expect(endedMaintenance(version, new Date(now))).toBe(ended);
  });
});
