import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { BoardsService } from '../boards.service';
import { BoardSeasons } from '../seasons/board-seasons';
import type { BoardEntity } from '../store/board.entity';
import { ScoresRepository } from '../store/scores.repository';
import { StandingsRepository } from '../store/standings.repository';
import type { ScoreResultResponse, ScoreResultsResponse, SentScoreRequest } from '../dto/scores.dto';
import { countBatch } from './batch';

/** Takes scores that the server of an application sends. */
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

  /**
   * Scores count for the season that is now. Each has a result: a refused one does not stop the others.
   * @param sent at most 1,000
   * @throws AppError board.not_found
   */
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
    const seasonId = await this.seasons.lockCurrent(tx, board);
    const wantedIds = [...new Set(sent.map(({ userId }) => userId.toLowerCase()))];
    const people = await this.scores.lockPeople(tx, applicationId, wantedIds);
    const ids = sent.map(({ id }) => id);
    const { results, accepted, moves } = countBatch(sent, {
      board,
      people,
      known: await this.scores.findKnown(tx, boardId, ids),
      standings: await this.standings.lock(tx, seasonId, [...new Set(people.values())]),
      sequences: await this.scores.nextSequences(tx, sent.length),
      now,
    });
    await this.scores.insert(tx, { boardId, seasonId, now }, accepted);
    await this.standings.move(tx, seasonId, moves);
    await this.record(tx, board, seasonId, results);
    return { seasonId, results };
  }

  /** One record for each call. */
  private async record(
    tx: EntityManager,
    { id, applicationId }: BoardEntity,
    seasonId: string,
    results: readonly ScoreResultResponse[],
  ): Promise<void> {
    const numberOf = (wanted: ScoreResultResponse['outcome']) =>
      String(results.filter(({ outcome }) => outcome === wanted).length);
    const [accepted, repeated, refused] = [numberOf('accepted'), numberOf('repeated'), numberOf('refused')];
    await this.audit.record(tx, 'board.scores_sent', {
      actor: `application:${applicationId}`,
      applicationId,
      subject: id,
      details: { seasonId, accepted, repeated, refused },
    });
  }
}
