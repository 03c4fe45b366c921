import { advance, MAX_SCORE, toScore, toSortKey, type BoardRule, type OrderedScore } from './board-rules';

const at = (sortKey: number, reached: number): OrderedScore => ({
  sortKey,
  reached,
  reachedAt: new Date(reached),
});

describe('advance', () => {
  it.each<[BoardRule, string, OrderedScore | null, OrderedScore, OrderedScore | null]>([
    ['best', 'takes the first score', null, at(-5, 1), at(-5, 1)],
    ['best', 'takes a better score', at(-5, 1), at(-6, 2), at(-6, 2)],
    ['best', 'stays with a worse one', at(-5, 1), at(-4, 2), at(-5, 1)],
    ['best', 'stays where an equal one comes later', at(-5, 1), at(-5, 2), at(-5, 1)],
    ['last', 'takes a later score', at(-5, 1), at(-4, 2), at(-4, 2)],
    ['last', 'stays where an earlier score comes late', at(-5, 2), at(-9, 1), at(-5, 2)],
    ['sum', 'adds', at(-5, 1), at(-4, 2), at(-9, 2)],
    ['sum', 'adds what lowers it', at(-5, 1), at(4, 2), at(-1, 2)],
    ['sum', 'stays with zero', at(-5, 1), at(0, 2), at(-5, 1)],
    ['sum', 'reaches the largest sum', at(-MAX_SCORE + 1, 1), at(-1, 2), at(-MAX_SCORE, 2)],
    ['sum', 'does not exceed the largest sum', at(-MAX_SCORE, 1), at(-1, 2), null],
    ['sum', 'does not exceed the smallest sum', at(MAX_SCORE, 1), at(1, 2), null],
  ])('by the rule %s %s', (rule, _, standing, score, expected) => {
    expect(advance(rule, standing, score)).toEqual(expected);
  });
});

describe('toSortKey', () => {
  it.each([
    ['higher', 7, -7],
    ['higher', -7, 7],
    ['higher', 0, 0],
    ['lower', 7, 7],
    ['lower', MAX_SCORE, MAX_SCORE],
    ['higher', MAX_SCORE, -MAX_SCORE],
  ] as const)('of a board where %s is better puts %d at %d, and back', (better, score, sortKey) => {
    expect(toSortKey(better, score)).toBe(sortKey);
    expect(toScore(better, sortKey)).toBe(score);
  });
});
