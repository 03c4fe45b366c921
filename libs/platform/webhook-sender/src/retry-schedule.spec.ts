import { nextAttemptAfter, parseRetryAfter } from './retry-schedule';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const middle = () => 0.5;

function secondsTo(attempts: number, retryAfterSeconds: number | null = null, random = middle) {
  const next = nextAttemptAfter(attempts, retryAfterSeconds, random);
  return next === null ? null : next / 1_000;
}

describe('the next attempt', () => {
  it('follows the schedule of ten attempts', () => {
    const hours = (count: number) => count * 3_600;

    expect(Array.from({ length: 12 }, (_, attempts) => secondsTo(attempts))).toEqual([
      ...[0, 5, 300, 1_800],
      ...[2, 5, 10, 14, 20, 24].map(hours),
      ...[null, null],
    ]);
  });

  it('is up to a fifth earlier or later', () => {
    expect(secondsTo(2, null, () => 0)).toBe(240);
    expect(secondsTo(2, null, () => 1)).toBe(360);
    expect(secondsTo(0, null, () => 1)).toBe(0);
  });

  it('is not before the time that the receiver asks for, and within a day', () => {
    expect(secondsTo(1, 90)).toBe(90);
    expect(secondsTo(2, 90)).toBe(300);
    expect(secondsTo(1, 10 ** 9)).toBe(86_400);
    expect(secondsTo(10, 90)).toBeNull();
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    [' 120 ', 120],
    ['86401', 86_400],
    ['999999999999999', 86_400],
    ['9999999999999999', null],
    ['Sun, 22 Nov 2026 12:01:30 GMT', 90],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 31 Dec 2099 23:59:59 GMT', 86_400],
    ['Sun, 99 Nov 2026 12:01:30 GMT', null],
    ['2026-11-22T12:01:30Z', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['soon', null],
    ['', null],
  ])('%j is %p seconds', (value, seconds) => {
    expect(parseRetryAfter(value, NOW)).toBe(seconds);
  });
});
