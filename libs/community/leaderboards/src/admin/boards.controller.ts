import { Body, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, TakesMergePatch, readPage } from '@countersign/http';
import { BoardsService } from '../boards.service';
import { SeasonPage, SeasonResponse } from '../dto/board.response';
import { BoardSeasons } from '../seasons/board-seasons';
import {
  AdminBoardPageResponse,
  AdminBoardResponse,
  BoardPatch,
  BoardsQuery,
  CloseSeasonRequest,
  CreateBoardRequest,
} from './board.dto';
import { boardScopes } from '../leaderboards.feature';

const BoardInPath = (): ParameterDecorator => IdInPath('boardId', 'board.not_found', 'The leaderboard.');

@AdminController('boards', 'Leaderboards')
export class AdminBoardsController {
  constructor(
    private readonly boards: BoardsService,
    private readonly seasons: BoardSeasons,
  ) {}

  @Get()
  @Operation('listBoards', boardScopes.boardsRead, AdminBoardPageResponse, 'List leaderboards, newest first')
  list(@Query() query: BoardsQuery): Promise<AdminBoardPageResponse> {
    const applicationId = query.applicationId?.toLowerCase();
    return readPage(query, AdminBoardResponse, (keyset) => this.boards.list(applicationId, keyset));
  }

  @Post()
  @Operation('createBoard', boardScopes.boardsWrite, AdminBoardResponse, {
    summary: 'Create a leaderboard with its first season',
    status: 201,
    errors: ['application.not_found'],
  })
  async create(@Body() wanted: CreateBoardRequest): Promise<AdminBoardResponse> {
    const applicationId = wanted.applicationId.toLowerCase();
    return AdminBoardResponse.of(await this.boards.create({ ...wanted, applicationId }));
  }

  @Get(':boardId')
  @Operation('readBoard', boardScopes.boardsRead, AdminBoardResponse, 'Read a leaderboard')
  async read(@BoardInPath() id: string): Promise<AdminBoardResponse> {
    return AdminBoardResponse.of(await this.boards.get(id));
  }

  @Patch(':boardId')
  @Operation(
    'changeBoard',
    boardScopes.boardsWrite,
    AdminBoardResponse,
    'Change a leaderboard by a JSON merge patch',
  )
  @TakesMergePatch()
  async change(@BoardInPath() id: string, @Body() change: BoardPatch): Promise<AdminBoardResponse> {
    return AdminBoardResponse.of(await this.boards.change(id, change));
  }

  @Get(':boardId/seasons')
  @Operation('listBoardSeasons', boardScopes.boardsRead, SeasonPage, 'List seasons, newest first')
  async listSeasons(@BoardInPath() id: string, @Query() query: PageQuery): Promise<SeasonPage> {
    const board = await this.boards.get(id);
    return readPage(query, SeasonResponse, (keyset) => this.boards.listSeasons(board, keyset));
  }

  @Post(':boardId/seasons/:seasonId/close')
  @Operation('closeSeason', boardScopes.boardsWrite, SeasonResponse, {
    summary: 'Close a season by hand, with a reason, and begin the next one',
    errors: ['board.no_season_by_hand', 'board.season_closed'],
  })
  async closeSeason(
    @BoardInPath() id: string,
    @IdInPath('seasonId', 'board.not_found', 'The season.') seasonId: string,
    @Body() { reason }: CloseSeasonRequest,
  ): Promise<SeasonResponse> {
    return SeasonResponse.of(await this.seasons.closeByHand(id, seasonId, reason));
  }
}
