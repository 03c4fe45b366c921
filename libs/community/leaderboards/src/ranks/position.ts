import { invalidCursor, toKeyset, type PageQuery } from '@countersign/http';
import { toSortKey, type BetterScore, type OrderedScore } from '../board-rules';
import type { Position } from '../store/ranks.repository';

/** Makes every sort key positive. */
const BIAS = 2n ** 63n;
const HALF = 64n;

/** A position in the form of a UUID, as cursors need it. */
export function idOfPosition({ sortKey, reached }: OrderedScore): string {
  const digits = (((BigInt(sortKey) + BIAS) << HALF) | BigInt(reached)).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** In front of everybody who has the score. */
export function positionOf(better: BetterScore, score: number): Position {
  return { sortKey: String(toSortKey(better, score)), reached: '0' };
}

/** @throws AppError request.invalid */
export function toPositionKeyset(query: PageQuery): {
  readonly limit: number;
  readonly position: Position | null;
} {
  const { limit, afterId } = toKeyset(query);
  if (afterId === null) return { limit, position: null };
  const digits = BigInt(`0x${afterId.replaceAll('-', '')}`);
  const reached = digits & (2n ** HALF - 1n);
  if (reached >= BIAS) throw invalidCursor();
  return {
    limit,
    position: { sortKey: ((digits >> HALF) - BIAS).toString(), reached: reached.toString() },
  };
}
