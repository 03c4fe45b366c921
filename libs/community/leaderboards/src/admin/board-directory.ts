import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { boardError } from '../board.errors';
import { BoardSeasons } from '../seasons/board-seasons';
import type { BoardEntity, BoardScoreEntity, BoardSeasonEntity } from '../store/board.entity';
import { BoardsRepository } from '../store/boards.repository';
import { SeasonsRepository } from '../store/seasons.repository';
import { BoardDirectoryRepository, type ScoreFilter } from './board-directory.repository';

/** Leaderboards of all applications, for operators. Lists answer one row more than the limit. */
@Injectable()
export class BoardDirectory {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsRepository,
    private readonly seasons: SeasonsRepository,
    private readonly boardSeasons: BoardSeasons,
    private readonly directory: BoardDirectoryRepository,
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
    { seasonId: wantedId, userId }: { readonly seasonId?: string | undefined } & Pick<ScoreFilter, 'userId'>,
    keyset: Keyset,
  ): Promise<readonly BoardScoreEntity[]> {
    const board = await this.get(boardId);
    const seasonId = wantedId ?? (await this.boardSeasons.current(board));
    const filter = { seasonId, userId: userId && (await this.users.resolveId(userId)) };
    return this.database.read(async (manager) => {
      const season = await this.seasons.find(manager, seasonId);
      if (season?.boardId !== boardId) throw boardError('board.not_found');
      return this.directory.listScores(manager, filter, keyset);
    });
  }

  /** How many scores of a person were accepted in the current season. @throws AppError board.not_found */
  async countScores(boardId: string, userId: string): Promise<number> {
    const seasonId = await this.boardSeasons.current(await this.get(boardId));
    return this.database.read((manager) => this.directory.countScores(manager, seasonId, userId));
  }
}
