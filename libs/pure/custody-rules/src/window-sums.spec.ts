import * as fc from 'fast-check';
import type { Refused } from '@countersign/custody-protocol';
import { tries } from '@countersign/text/testing';
import { assertWithin, partOf, type CountedPart, type LimitedSum } from './window-sums';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-11-26T09:00:00Z');
const OF_HOUR: LimitedSum = { code: 'above_hour', id: 'all', amount: 5n, limit: 20n, windowMs: HOUR_MS };
const ago = (minutes: number, amount: bigint): CountedPart => ({
  id: 'all',
  startsAt: new Date(NOW.getTime() - minutes * 60_000),
  amount,
});
const refused = (sums: readonly LimitedSum[], parts: readonly CountedPart[], now = NOW) => {
  try {
    assertWithin(sums, parts, now);
    return null;
  } catch (error) {
    const { code, details } = error as Refused;
    return { code, ...details };
  }
};
const after = (retryAfterSeconds?: number) => ({ code: 'above_hour', retryAfterSeconds });

describe('a sum of a window', () => {
  it.each<readonly [string, readonly CountedPart[], Partial<LimitedSum>, object | null]>([
    ['of nothing', [], {}, null],
    ['that is exactly the limit', [ago(0, 15n)], {}, null],
    ['that is above it', [ago(0, 16n)], {}, after(61 * 60)],
    ['whose parts are above it together', [ago(3, 8n), ago(40, 8n)], {}, after(21 * 60)],
    [
      'that has room when two parts count no more',
      [ago(3, 1n), ago(50, 9n), ago(40, 20n)],
      {},
      after(21 * 60),
    ],
    ['of which the oldest second still counts', [ago(60, 16n)], {}, after(60)],
    ['all of which is older than the window', [ago(61, 16n)], {}, null],
    ['that another clock calls later', [ago(-2, 16n)], {}, after(63 * 60)],
    ['of an act that is never within the limit', [], { amount: 21n }, after()],
    ['of an act that is exactly the limit', [], { amount: 20n }, null],
    ['of a day', [ago(24 * 60 + 23, 16n)], { windowMs: 24 * HOUR_MS }, after(60)],
    ['older than a day', [ago(24 * 60 + 24, 16n)], { windowMs: 24 * HOUR_MS }, null],
  ])('%s', (_, parts, sum, expected) => {
    expect(refused([{ ...OF_HOUR, ...sum }], [...parts, { ...ago(0, 99n), id: 'other' }])).toEqual(expected);
  });

  it('is refused by the first limit that it would exceed', () => {
    expect(refused([OF_HOUR, { ...OF_HOUR, code: 'above_day', limit: 4n }], [])).toEqual({
      code: 'above_day',
    });
  });

  it('never passes the limit in any window, whenever acts come, and has room when it says so', () => {
    const sends = fc.array(
      fc.record({ afterMs: fc.nat(HOUR_MS / 2), amount: fc.bigInt({ min: 1n, max: 12n }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(sends, (wanted) => {
        const sent: { at: number; amount: bigint }[] = [];
        let at = NOW.getTime();
        for (const { afterMs, amount } of wanted) {
          at += afterMs;
          const sum = { ...OF_HOUR, amount };
          const parts = sent.map((one) => ({
            ...ago(0, one.amount),
            startsAt: partOf(sum, new Date(one.at)),
          }));
          const answer = refused([sum], parts, new Date(at));
          if (!answer) sent.push({ at, amount });
          const later = new Date(at + (answer?.retryAfterSeconds ?? 0) * 1_000);
          if (answer) expect(refused([sum], parts, later)).toBeNull();
        }
        for (const { at: end } of sent) {
          const within = sent.filter((one) => one.at <= end && one.at > end - HOUR_MS);
          expect(within.reduce((total, one) => total + one.amount, 0n)).toBeLessThanOrEqual(OF_HOUR.limit);
        }
      }),
      tries(200),
    );
  });
});
