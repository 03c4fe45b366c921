import { Injectable } from '@nestjs/common';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { UsersService } from '@countersign/users';
import { boardError } from '../board.errors';
import { BoardsService } from '../boards.service';
import { BoardScoreEntity } from '../store/board.entity';
import { ScoresRepository } from '../store/scores.repository';
import { SeasonsRepository } from '../store/seasons.repository';
import { ScoreCounting } from './score-counting';

type ScoreName = Pick<BoardScoreEntity, 'boardId' | 'id'>;

interface Correction {
  /** `null` withdraws the score. */
  readonly score: number | null;
  /** A word or the number of a request. */
  readonly reason: string;
}

/** Corrects and withdraws scores of open seasons, and counts standings anew. */
@Injectable()
export class ScoreCorrections {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsService,
    private readonly seasons: SeasonsRepository,
    private readonly scores: ScoresRepository,
    private readonly counting: ScoreCounting,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError board.not_found, board.score_not_found, board.season_closed
   */
  async correct(name: ScoreName, { score, reason }: Correction): Promise<BoardScoreEntity> {
    const board = await this.boards.get(name.boardId);
    return this.database.transaction(async (tx) => {
      // The season, the person and then the score, as scores are sent.
      const found = (await this.scores.findKnown(tx, name.boardId, [name.id])).get(name.id);
      if (!found) throw boardError('board.score_not_found');
      const { seasonId, userId } = found;
      if (!(await this.seasons.lockOpen(tx, seasonId))) throw boardError('board.season_closed');
      await this.scores.lockPeople(tx, board.applicationId, [userId]);
      const known = await this.scores.lock(tx, name.boardId, name.id);
      if (known?.userId !== userId) throw new LostRace();
      if (known.score === score) return known;
      const change = { score, correctedAt: this.clock.now(), correctionReason: reason };
      await tx.update(BoardScoreEntity, name, change);
      await this.counting.recount(tx, board, seasonId, userId);
      await this.audit.record(tx, 'board.score_corrected', {
        actor: operator(),
        applicationId: board.applicationId,
        subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
        details: {
          boardId: board.id,
          seasonId,
          scoreId: name.id,
          outcome: score === null ? 'withdrawn' : 'corrected',
          reason,
        },
      });
      return { ...known, ...change };
    });
  }
}
