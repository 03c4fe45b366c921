import { checkTimes } from './block-times';

const latest = new Date(1_700_000_000_000);
const blocks = (...times: readonly number[]) => times.map((timestamp) => ({ timestamp }));

describe('the times of blocks', () => {
  it.each<[readonly number[], number | null, number | null]>([
    [[5, 6, 9], null, 9],
    [[5, 5], 5, 5],
    [[1_700_000_000], 3, 1_700_000_000],
    [[], 3, 3],
  ])('are believed (%#)', (times, before, last) => {
    expect(checkTimes(blocks(...times), before, latest)).toBe(last);
  });

  it.each<[string, readonly number[], number | null]>([
    ['block.in_the_future', [5, 1_700_000_001], null],
    ['block.before_its_parent', [6, 5], null],
    ['block.before_its_parent', [5], 6],
  ])('are lies: %s', (reason, times, before) => {
    expect(() => checkTimes(blocks(...times), before, latest)).toThrow(
      expect.objectContaining({ kind: 'lying', details: { reason } }),
    );
  });
});
