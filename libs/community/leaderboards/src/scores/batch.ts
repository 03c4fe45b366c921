import { advance, toSortKey, type OrderedScore } from '../board-rules';
import type { BoardEntity } from '../store/board.entity';
import type { KnownScore, NewScore } from '../store/scores.repository';
import type { Move } from '../store/standings.repository';

/** A score as an application sends it. */
export interface SentScore {
  /** The application's own id of the score, unique on the board. */
  readonly id: string;
  readonly userId: string;
  readonly score: number;
}

export const scoreRefusals = [
  'board.person_not_found',
  'board.score_id_reused',
  'board.sum_out_of_range',
] as const;
export type ScoreRefusal = (typeof scoreRefusals)[number];

/** What became of a score: `repeated` where it was accepted before. */
export interface ScoreResult {
  readonly id: string;
  readonly outcome: 'accepted' | 'repeated' | 'refused';
  readonly code: ScoreRefusal | null;
}

/** What is known before the scores of a call are counted. */
interface Counted {
  readonly board: Pick<BoardEntity, 'rule' | 'better'>;
  readonly people: ReadonlyMap<string, string>;
  readonly known: ReadonlyMap<string, KnownScore>;
  readonly standings: ReadonlyMap<string, OrderedScore>;
  /** As many as scores were sent, ascending. */
  readonly sequences: readonly number[];
  readonly now: Date;
}

/** What a call changes. */
interface Batch {
  readonly results: readonly ScoreResult[];
  readonly accepted: readonly NewScore[];
  readonly moves: readonly Move[];
}

/** Counts the scores of a call, in their order. */
export function countBatch(sent: readonly SentScore[], counted: Counted): Batch {
  const { board, people, known, standings, sequences, now } = counted;
  const accepted = new Map<string, NewScore>();
  const after = new Map<string, OrderedScore>();

  const results = sent.map(({ id, userId: sentFor, score }, index): ScoreResult => {
    const refused = (code: ScoreRefusal): ScoreResult => ({ id, outcome: 'refused', code });
    const userId = people.get(sentFor.toLowerCase());
    const earlier = known.get(id) ?? accepted.get(id);
    if (earlier)
      return earlier.userId === userId && earlier.sentScore === score
        ? { id, outcome: 'repeated', code: null }
        : refused('board.score_id_reused');
    if (userId === undefined) return refused('board.person_not_found');
    const reached = sequences[index] ?? 0;
    const standing = after.get(userId) ?? standings.get(userId) ?? null;
    const next = advance(board.rule, standing, {
      sortKey: toSortKey(board.better, score),
      reached,
      reachedAt: now,
    });
    if (!next) return refused('board.sum_out_of_range');
    after.set(userId, next);
    accepted.set(id, { id, userId, sentScore: score, sequence: reached });
    return { id, outcome: 'accepted', code: null };
  });

  const moves = [...after].map(([userId, to]) => ({ userId, from: standings.get(userId) ?? null, to }));
  return { results, accepted: [...accepted.values()], moves };
}
