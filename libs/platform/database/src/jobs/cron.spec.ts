import { nextRun } from './cron';

const next = (cron: string, after: string): string => nextRun(cron, new Date(after)).toISOString();

describe('the next run of a job', () => {
  it.each([
    ['* * * * *', '2026-11-30T10:00:00.000Z', '2026-11-30T10:01:00.000Z'],
    ['* * * * *', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ['*/15 * * * *', '2026-11-30T10:45:00.000Z', '2026-11-30T11:00:00.000Z'],
    ['7 * * * *', '2026-11-30T10:07:00.000Z', '2026-11-30T11:07:00.000Z'],
    ['11 4 * * *', '2026-02-28T04:11:00.000Z', '2026-03-01T04:11:00.000Z'],
    ['0 0 1 1 *', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 * * 1', '2026-11-30T00:00:00.000Z', '2026-12-07T00:00:00.000Z'],
  ])('of %s after %s is %s', (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });

  it('exists, or the schedule is refused', () => {
    expect(() => next('0 0 31 2 *', '2026-11-30T10:00:00.000Z')).toThrow('names no minute');
  });
});
