import { advance, toSortKey, type OrderedScore } from '../board-rules';
import type { ScoreRefusal, ScoreResultResponse, SentScoreRequest } from '../dto/scores.dto';
import type { BoardEntity } from '../store/board.entity';
import type { KnownScore, NewScore } from '../store/scores.repository';
import type { Move } from '../store/standings.repository';

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
  readonly results: readonly ScoreResultResponse[];
  readonly accepted: readonly NewScore[];
  readonly moves: readonly Move[];
}

/** Counts the scores of a call, in their order. */
export function countBatch(sent: readonly SentScoreRequest[], counted: Counted): Batch {
  const { board, people, known, standings, sequences, now } = counted;
  const accepted = new Map<string, NewScore>();
  const after = new Map<string, OrderedScore>();

  const results = sent.map(({ id, userId: sentFor, score }, index): ScoreResultResponse => {
    const refused = (code: ScoreRefusal): ScoreResultResponse => ({ id, outcome: 'refused', code });
    const userId = people.get(sentFor.toLowerCase());
    const earlier = known.get(id) ?? accepted.get(id);
    if (earlier)
      return earlier.userId === userId && earlier.score === score
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
    accepted.set(id, { id, userId, score, sequence: reached });
    return { id, outcome: 'accepted', code: null };
  });

  const moves = [...after].map(([userId, to]) => ({ userId, from: standings.get(userId) ?? null, to }));
  return { results, accepted: [...accepted.values()], moves };
}
