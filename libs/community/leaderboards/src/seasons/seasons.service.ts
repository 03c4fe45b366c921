import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { toKeyset, toPage, toResponse, type PageQuery } from '@countersign/http';
import { boardError } from '../board.errors';
import { BoardsService } from '../boards.service';
import { BoardResponse, SeasonResponse, type SeasonPage } from '../dto/board.response';
import { SeasonsRepository } from '../store/seasons.repository';
import { BoardSeasons } from './board-seasons';

/** Reads leaderboards and their seasons. */
@Injectable()
export class SeasonsService {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsService,
    private readonly boardSeasons: BoardSeasons,
    private readonly seasons: SeasonsRepository,
  ) {}

  /** @throws AppError board.not_found */
  async getBoard(applicationId: string, boardId: string): Promise<BoardResponse> {
    const board = await this.boards.getIn(applicationId, boardId);
    const seasonId = await this.boardSeasons.current(board);
    const season = await this.database.read((manager) => this.seasons.find(manager, seasonId));
    if (!season) throw boardError('board.not_found');
    return toResponse(BoardResponse, { ...board, boardId: board.id, season: SeasonResponse.of(season) });
  }

  /** Newest first. @throws AppError board.not_found, request.invalid */
  async list(applicationId: string, boardId: string, query: PageQuery): Promise<SeasonPage> {
    await this.boards.getIn(applicationId, boardId);
    const keyset = toKeyset(query);
    const found = await this.database.read((manager) => this.seasons.list(manager, boardId, keyset));
    return toPage(
      found,
      keyset.limit,
      ({ id }) => id,
      (season) => SeasonResponse.of(season),
    );
  }
}
