import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { countUpTo } from '@countersign/admin';
import { Database } from '@countersign/database';
import { sequenceOfId, type Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { boardError } from '../board.errors';
import { BoardSeasons } from '../seasons/board-seasons';
import { BoardScoreEntity, type BoardEntity, type BoardSeasonEntity } from '../store/board.entity';
import { BoardsRepository } from '../store/boards.repository';
import { SeasonsRepository } from '../store/seasons.repository';

/** Leaderboards of all applications, for operators. Lists answer one row more than the limit. */
@Injectable()
export class BoardDirectory {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsRepository,
    private readonly seasons: SeasonsRepository,
    private readonly boardSeasons: BoardSeasons,
    private readonly users: UsersService,
  ) {}

  /** Newest first. */
  async list(applicationId: string | undefined, keyset: Keyset): Promise<readonly BoardEntity[]> {
    return this.database.read((manager) => this.boards.list(manager, applicationId, keyset));
  }

  /** @throws AppError board.not_found */
  async get(boardId: string): Promise<BoardEntity> {
    const board = await this.database.read((manager) => this.boards.find(manager, boardId));
    if (!board) throw boardError('board.not_found');
    return board;
  }

  /** Newest first. @throws AppError board.not_found */
  async listSeasons(boardId: string, keyset: Keyset): Promise<readonly BoardSeasonEntity[]> {
    await this.get(boardId);
    return this.database.read((manager) => this.seasons.list(manager, boardId, keyset));
  }

  /**
   * Scores of a season, the current one by default, newest first.
   * @throws AppError board.not_found
   */
  async listScores(
    boardId: string,
    { seasonId: wantedId, userId: asked }: Partial<Record<'seasonId' | 'userId', string | undefined>>,
    { afterId, limit }: Keyset,
  ): Promise<readonly BoardScoreEntity[]> {
    const board = await this.get(boardId);
    const seasonId = wantedId ?? (await this.boardSeasons.current(board));
    const filter = asked === undefined ? {} : { userId: await this.users.resolveId(asked) };
    return this.database.read(async (manager) => {
      const season = await this.seasons.find(manager, seasonId);
      if (season?.boardId !== boardId) throw boardError('board.not_found');
      const below = afterId === null ? {} : { sequence: LessThan(sequenceOfId(afterId)) };
      return manager.find(BoardScoreEntity, {
        where: { seasonId, ...filter, ...below },
        order: { sequence: 'DESC' },
        take: limit + 1,
      });
    });
  }

  /** How many scores of a person were accepted in the current season. @throws AppError board.not_found */
  async countScores(boardId: string, userId: string): Promise<number> {
    const seasonId = await this.boardSeasons.current(await this.get(boardId));
    const from = 'FROM board_scores WHERE season_id = $1 AND user_id = $2';
    return this.database.read((manager) => countUpTo(manager, from, [seasonId, userId]));
  }
}
