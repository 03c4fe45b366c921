import { Body, Get, Post, Query } from '@nestjs/common';
import { ApiController, IdInPath, PageQuery, readPage, TakesBodiesUpTo } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/gateway';
import { AuthenticatedViewer, CurrentViewer, type ViewingCaller } from '@countersign/account';
import { BoardsService } from './boards.service';
import { BoardResponse, SeasonPage, SeasonResponse } from './dto/board.response';
import { AroundQuery, RankResponse, RanksQuery, RanksResponse, TopQuery, TopResponse } from './dto/rank.dto';
import { ScoreResultsResponse, SendScoresRequest } from './dto/scores.dto';
import { RanksService } from './ranks/ranks.service';
import { ScoresService } from './scores/scores.service';

const MAX_SCORES_BYTES = 160 * 1024;

const BoardInPath = (): ParameterDecorator => IdInPath('boardId', 'board.not_found', 'The leaderboard.');
const PersonInPath = (): ParameterDecorator =>
  IdInPath('userId', 'board.not_ranked', 'The account, or one that was merged into it.');

@ApiController('v1/boards/:boardId', 'Leaderboards')
export class BoardsController {
  constructor(
    private readonly boards: BoardsService,
    private readonly ranks: RanksService,
    private readonly scores: ScoresService,
  ) {}

  @Get()
  @AuthenticatedViewer('getBoard', BoardResponse, 'Get a leaderboard with its current season')
  get(@CurrentViewer() viewer: ViewingCaller, @BoardInPath() boardId: string): Promise<BoardResponse> {
    return this.boards.getWithSeason(viewer.applicationId, boardId);
  }

  @Get('seasons')
  @AuthenticatedViewer('listSeasons', SeasonPage, 'List the seasons of a leaderboard, newest first')
  async listSeasons(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @Query() query: PageQuery,
  ): Promise<SeasonPage> {
    const board = await this.boards.getIn(viewer.applicationId, boardId);
    return readPage(query, SeasonResponse, (keyset) => this.boards.listSeasons(board, keyset));
  }

  @Get('top')
  @AuthenticatedViewer('listTop', TopResponse, {
    summary: 'List the people of a leaderboard, the first in front',
    description: 'Names appear only where people made them public.',
  })
  async top(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @Query() query: TopQuery,
  ): Promise<TopResponse> {
    return this.ranks.top(viewer, boardId, query.seasonId, query);
  }

  @Get('around/:userId')
  @AuthenticatedViewer('listAround', RanksResponse, {
    summary: 'List the people around a person on a leaderboard',
    description: 'Names appear only where people made them public.',
  })
  async around(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @PersonInPath() userId: string,
    @Query() query: AroundQuery,
  ): Promise<RanksResponse> {
    return this.ranks.around(viewer, boardId, userId, query.seasonId, Number(query.each ?? 5));
  }

  @Get('ranks/:userId')
  @AuthenticatedViewer('getRank', RankResponse, 'Get the rank of a person in a season of a leaderboard')
  async rank(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @PersonInPath() userId: string,
    @Query() query: RanksQuery,
  ): Promise<RankResponse> {
    return this.ranks.rankOf(viewer, boardId, userId, query.seasonId);
  }

  /** Only servers may call it: a page cannot keep a secret. */
  @Post('scores')
  @TakesBodiesUpTo(MAX_SCORES_BYTES)
  @AuthenticatedClient('sendScores', ScoreResultsResponse, {
    summary: 'Send up to 1,000 scores',
    description:
      'With the client secret only. Each has an id of the application’s own: the same score again changes nothing. A refused ' +
      'score does not stop the others.',
  })
  send(
    @CurrentClient() applicationId: string,
    @BoardInPath() boardId: string,
    @Body() { scores }: SendScoresRequest,
  ): Promise<ScoreResultsResponse> {
    return this.scores.send(applicationId, boardId, scores);
  }
}
