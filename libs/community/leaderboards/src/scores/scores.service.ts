import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { BoardsService } from '../boards.service';
import { BoardSeasons } from '../seasons/board-seasons';
import type { BoardEntity } from '../store/board.entity';
import { type KnownScore, type NewScore, ScoresRepository } from '../store/scores.repository';
import { StandingsRepository } from '../store/standings.repository';
import type {
  ScoreRefusal,
  ScoreResultResponse,
  ScoreResultsResponse,
  SentScoreRequest,
} from '../dto/scores.dto';
import { advance, type OrderedScore, toSortKey } from '../board-rules';
import { boardEvents } from '../leaderboards.feature';

interface Counted {
  readonly board: Pick<BoardEntity, 'rule' | 'better'>;
  readonly people: ReadonlyMap<string, string>;
  readonly known: ReadonlyMap<string, KnownScore>;
  readonly standings: ReadonlyMap<string, OrderedScore>;
  /** One ascending number for each score. */
  readonly sequences: readonly number[];
  readonly now: Date;
}

function countBatch(sent: readonly SentScoreRequest[], counted: Counted) {
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

@Injectable()
export class ScoresService {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsService,
    private readonly seasons: BoardSeasons,
    private readonly scores: ScoresRepository,
    private readonly standings: StandingsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** A refused score does not stop the others. @param sent at most 1,000 */
  async send(
    applicationId: string,
    boardId: string,
    sent: readonly SentScoreRequest[],
  ): Promise<ScoreResultsResponse> {
    const board = await this.boards.getIn(applicationId, boardId);
    return this.database.transaction((tx) => this.sendIn(tx, board, sent));
  }

  /** Locks the season, then people in the order of their ids, then their standings. */
  private async sendIn(
    tx: EntityManager,
    board: BoardEntity,
    sent: readonly SentScoreRequest[],
  ): Promise<ScoreResultsResponse> {
    const now = this.clock.now();
    const { id: boardId, applicationId } = board;
    const season = await this.seasons.lockCurrent(tx, board);
    const { seasonId } = season;
    const wantedIds = [...new Set(sent.map(({ userId }) => userId.toLowerCase()))];
    const people = await this.scores.lockPeople(tx, applicationId, wantedIds);
    const ids = sent.map(({ id }) => id);
    const { results, accepted, moves } = countBatch(sent, {
      board,
      people,
      known: await this.scores.findKnown(tx, boardId, ids),
      standings: await this.standings.lock(tx, season, [...new Set(people.values())]),
      sequences: await this.scores.nextSequences(tx, sent.length),
      now,
    });
    await this.scores.insert(tx, { boardId, seasonId, now }, accepted);
    await this.standings.move(tx, season, moves);
    await this.record(tx, board, seasonId, results);
    return { seasonId, results };
  }

  private async record(
    tx: EntityManager,
    { id, applicationId }: BoardEntity,
    seasonId: string,
    results: readonly ScoreResultResponse[],
  ): Promise<void> {
    const numberOf = (wanted: ScoreResultResponse['outcome']) =>
      String(results.filter(({ outcome }) => outcome === wanted).length);
    const [accepted, repeated, refused] = [numberOf('accepted'), numberOf('repeated'), numberOf('refused')];
    await this.audit.record(tx, boardEvents.scoresSent, {
      actor: `application:${applicationId}`,
      applicationId,
      subject: id,
      details: { seasonId, accepted, repeated, refused },
    });
  }
}
