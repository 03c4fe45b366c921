import { Get, Query } from '@nestjs/common';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { AuthenticatedViewer, CurrentViewer, type ViewingCaller } from '@countersign/profiles';
import { BoardsService } from './boards.service';
import { BoardResponse, SeasonPage } from './dto/board.response';
import { AroundQuery, RanksQuery, TopQuery } from './dto/ranks.query';
import { RankResponse, RanksResponse, TopResponse } from './dto/rank.response';
import { RanksService } from './ranks/ranks.service';

const BoardInPath = (): ParameterDecorator => IdInPath('boardId', 'board.not_found', 'The leaderboard.');
const PersonInPath = (): ParameterDecorator =>
  IdInPath('userId', 'board.not_ranked', 'The account, or one that was merged into it.');

@ApiController('v1/boards/:boardId', 'Leaderboards')
export class BoardsController {
  constructor(
    private readonly boards: BoardsService,
    private readonly ranks: RanksService,
  ) {}

  @Get()
  @AuthenticatedViewer('getBoard', BoardResponse, 'Get a leaderboard with its current season')
  get(@CurrentViewer() viewer: ViewingCaller, @BoardInPath() boardId: string): Promise<BoardResponse> {
    return this.boards.getWithSeason(viewer.applicationId, boardId);
  }

  @Get('seasons')
  @AuthenticatedViewer('listSeasons', SeasonPage, 'List the seasons of a leaderboard, newest first')
  listSeasons(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @Query() query: PageQuery,
  ): Promise<SeasonPage> {
    return this.boards.listSeasonsIn(viewer.applicationId, boardId, query);
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
    return this.ranks.top(viewer, boardId, RanksQuery.seasonOf(query), query);
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
    const each = Number(query.each ?? 5);
    return this.ranks.around(viewer, boardId, userId, RanksQuery.seasonOf(query), each);
  }

  @Get('ranks/:userId')
  @AuthenticatedViewer('getRank', RankResponse, 'Get the rank of a person in a season of a leaderboard')
  async rank(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @PersonInPath() userId: string,
    @Query() query: RanksQuery,
  ): Promise<RankResponse> {
    return this.ranks.rankOf(viewer, boardId, userId, RanksQuery.seasonOf(query));
  }
}
