/** The largest score, and the smallest is its negative: what JSON and JavaScript transport exactly. */
export const MAX_SCORE = Number.MAX_SAFE_INTEGER;

/** Which score of a person counts in a season. */
export const boardRules = ['best', 'last', 'sum'] as const;
export type BoardRule = (typeof boardRules)[number];

/** Which score is in front. */
export const betterScores = ['higher', 'lower'] as const;
export type BetterScore = (typeof betterScores)[number];

/** A score as it is ordered: the lowest key is in front. */
export interface OrderedScore {
  readonly sortKey: number;
  /** Number of the score in the order in which scores were accepted: of equal keys the first is in front. */
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
 * The standing of a person after one more score.
 * @param standing null before the first one
 * @returns the standing itself where it does not change; null where a sum would leave the range of scores
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
