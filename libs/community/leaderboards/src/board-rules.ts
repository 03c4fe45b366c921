/** The largest score. The smallest is its negative. JSON and JavaScript transport both exactly. */
export const MAX_SCORE = Number.MAX_SAFE_INTEGER;

export const boardRules = ['best', 'last', 'sum'] as const;
export type BoardRule = (typeof boardRules)[number];

export const betterScores = ['higher', 'lower'] as const;
export type BetterScore = (typeof betterScores)[number];

/** A score in the order of the board. The lowest key is first. */
export interface OrderedScore {
  readonly sortKey: number;
  /** The number of the score in the order of acceptance. If keys are equal, the first score is in front. */
  readonly reached: number;
  readonly reachedAt: Date;
}

export function toSortKey(better: BetterScore, score: number): number {
  return better === 'lower' || score === 0 ? score : -score;
}

export function toScore(better: BetterScore, sortKey: number): number {
  return toSortKey(better, sortKey);
}

/**
 * @param standing null before the first score
 * @returns the standing afterwards, itself if it does not change; null if a sum would be out of range
 */
export function advance<Standing extends OrderedScore>(
  rule: BoardRule,
  standing: Standing | null,
  score: Standing,
): Standing | null {
  if (!standing) return score;
  if (rule === 'best') return score.sortKey < standing.sortKey ? score : standing;
  if (rule === 'last') return score.reached > standing.reached ? score : standing;
  const sortKey = standing.sortKey + score.sortKey;
  if (!Number.isSafeInteger(sortKey)) return null;
  return score.sortKey === 0 ? standing : { ...score, sortKey };
}
