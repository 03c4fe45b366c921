import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, PageQuery, toResponse } from '@countersign/http';
import { AuthenticatedViewer, CurrentViewer, type ViewingCaller } from '@countersign/profiles';
import { BoardResponse, SeasonPage } from './dto/board.response';
import { RankResponse, RanksResponse, TopResponse } from './dto/rank.response';
import { AroundQuery, RanksQuery, TopQuery } from './dto/ranks.query';
import { RanksService } from './ranks/ranks.service';
import { SeasonsService } from './seasons/seasons.service';

const BoardInPath = (): ParameterDecorator => IdInPath('boardId', 'board.not_found', 'The leaderboard.');
const PersonInPath = (): ParameterDecorator =>
  IdInPath('userId', 'board.not_ranked', 'The account, or one that was merged into it.');

const groupErrors = [
  'board.group_hidden',
  'board.group_too_large',
  'referral.off',
  'team.not_found',
  'team.not_a_member',
  'request.invalid',
];

@Controller('v1/boards/:boardId')
@ApiTags('Leaderboards')
export class BoardsController {
  constructor(
    private readonly seasons: SeasonsService,
    private readonly ranks: RanksService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getBoard',
    summary: 'Get a leaderboard with its current season',
    description: 'Of the application that calls.',
  })
  @AuthenticatedViewer()
  @Answers(BoardResponse)
  get(@CurrentViewer() viewer: ViewingCaller, @BoardInPath() boardId: string): Promise<BoardResponse> {
    return this.seasons.getBoard(viewer.applicationId, boardId);
  }

  @Get('seasons')
  @ApiOperation({
    operationId: 'listSeasons',
    summary: 'List the seasons of a leaderboard, newest first',
    description: 'Ranks of a season are read with its `seasonId`.',
  })
  @AuthenticatedViewer()
  @Answers(SeasonPage)
  listSeasons(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @Query() query: PageQuery,
  ): Promise<SeasonPage> {
    return this.seasons.list(viewer.applicationId, boardId, query);
  }

  @Get('top')
  @ApiOperation({
    operationId: 'listTop',
    summary: 'List the people of a leaderboard, the first in front',
    description: 'Names appear only where people made them public.',
  })
  @AuthenticatedViewer()
  @Answers(TopResponse, { errors: groupErrors })
  async top(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @Query() query: TopQuery,
  ): Promise<TopResponse> {
    const top = await this.ranks.top(viewer, boardId, RanksQuery.toWanted(query), query);
    return toResponse(TopResponse, top);
  }

  @Get('around/:userId')
  @ApiOperation({
    operationId: 'listAround',
    summary: 'List the people around a person on a leaderboard',
    description: 'Names appear only where people made them public.',
  })
  @AuthenticatedViewer()
  @Answers(RanksResponse, { errors: groupErrors })
  async around(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @PersonInPath() userId: string,
    @Query() query: AroundQuery,
  ): Promise<RanksResponse> {
    const each = Number(query.each ?? 5);
    const around = await this.ranks.around(viewer, boardId, userId, RanksQuery.toWanted(query), each);
    return toResponse(RanksResponse, around);
  }

  @Get('ranks/:userId')
  @ApiOperation({
    operationId: 'getRank',
    summary: 'Get the rank of a person on a leaderboard',
    description: 'In the current season, or in the one that the query names.',
  })
  @AuthenticatedViewer()
  @Answers(RankResponse, { errors: groupErrors })
  async rank(
    @CurrentViewer() viewer: ViewingCaller,
    @BoardInPath() boardId: string,
    @PersonInPath() userId: string,
    @Query() query: RanksQuery,
  ): Promise<RankResponse> {
    const rank = await this.ranks.rankOf(viewer, boardId, userId, RanksQuery.toWanted(query));
    return toResponse(RankResponse, rank);
  }
}
