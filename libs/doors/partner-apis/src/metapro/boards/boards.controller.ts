import { randomUUID } from 'node:crypto';
import { applyDecorators, Body, Get, Param, Post, Put, Query, Injectable } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { CurrentClient } from '@countersign/gateway';
import { ApiController, readKnown } from '@countersign/http';
import { AddsForPreset } from '@countersign/applications';
import { BoardsService } from '@countersign/leaderboards';
import { assertOwn } from '../metapro-projects';
import { ListQuery, UUID } from '../protocol/list-query';
import { AnyoneRoute, inQuery, OptionalCaller, ServerRoute } from '../protocol/metapro-route';
import {
  MetaproMapScoreRequest,
  MetaproMatchRequest,
  MetaproPersonalScore,
  MetaproRoundRequest,
  MetaproScore,
  MetaproScoreRequest,
  MetaproScores,
  MetaproSentScore,
} from './boards.dto';
import { MetaproBoards, type Reader } from './boards.service';
import { ScoreSenderGuard } from './score-sender.guard';
import { metaproPreset } from '../metapro.feature';

/** Metapro's pages send scores to an existing board. This one only adds scores up, so no caller can lower one. */
@Injectable()
@AddsForPreset(metaproPreset)
export class BoardOfPreset {
  constructor(private readonly boards: BoardsService) {}

  async addTo(applicationId: string): Promise<void> {
    const found = await this.boards.list(applicationId, { afterId: null, limit: 1 });
    const rules = { rule: 'sum', better: 'higher', calendar: 'by-hand' } as const;
    const board = { applicationId, name: 'Scores', ...rules, isUnverified: true };
    if (found.length === 0) await this.boards.create(board);
  }
}

const ofBoard = inQuery('leaderboardId', 'The leaderboard.');
const ofMap = applyDecorators(ofBoard, inQuery('map', 'A leaderboard that is the map, instead of it.'));
const limited = inQuery('limit', 'How many; more than 100 count as 100.');

@ApiController('ms/leaderboard', 'Leaderboards')
export class MetaproBoardsController {
  constructor(private readonly boards: MetaproBoards) {}

  @Get('score-total/leaderboard/:id')
  @limited
  @inQuery('minBalance', 'Only scores from this one on.')
  @inQuery('maxBalance', 'Only scores up to this one.')
  @AnyoneRoute('metaproScores', 'List a leaderboard', [MetaproScore])
  async list(
    @Param('id') id: string,
    @Query() query: unknown,
    @OptionalCaller() reader: Reader,
  ): Promise<readonly MetaproScore[]> {
    return (await this.boards.list(id, query, reader)).results;
  }

  @Get('score-total/personal/:id/:userId')
  @AnyoneRoute('metaproAround', 'Get a person', MetaproPersonalScore)
  personal(
    @Param('id') id: string,
    @Param('userId') userId: string,
    @OptionalCaller() reader: Reader,
  ): Promise<MetaproPersonalScore> {
    return this.boards.personal(id, userId, reader, 5);
  }

  @Get('score-total/get')
  @ofBoard
  @inQuery('userId', 'The person.')
  @AnyoneRoute('metaproScore', 'Get the score of a person', MetaproScore)
  async get(@Query() query: unknown, @OptionalCaller() reader: Reader): Promise<MetaproScore> {
    const userId = new ListQuery(query).text('userId', UUID) ?? '';
    return (await this.boards.personal(boardIn(query), userId, reader)).mainScore;
  }

  @Get('score-total/count/leaderboard/:id')
  @AnyoneRoute('metaproScoreCount', 'Count the people', Number)
  async count(@Param('id') id: string): Promise<number> {
    return (await this.boards.list(id, { limit: '1' }, undefined)).count;
  }

  @Put('score-total/:userId')
  @ServerRoute('metaproSendScore', 'Send a score', MetaproSentScore, {
    body: MetaproScoreRequest,
    guard: ScoreSenderGuard,
  })
  async send(
    @CurrentClient() applicationId: string,
    @Param('userId') userId: string,
    @Body() body: unknown,
  ): Promise<MetaproSentScore> {
    const { leaderboardId, projectId, roundData } = readKnown(MetaproScoreRequest, body);
    const { score } = readKnown(MetaproRoundRequest, roundData);
    assertOwn(applicationId, projectId);
    const sent = { id: randomUUID(), userId, score };
    return { scoreTotal: await this.boards.send(applicationId, leaderboardId, sent) };
  }

  @Post('match-data/create')
  @ApiProduces('text/plain')
  @AnyoneRoute('metaproMatch', 'Get an id for a match', String, { body: MetaproMatchRequest })
  async match(@Body() body: unknown): Promise<string> {
    await this.boards.open(readKnown(MetaproMatchRequest, body).leaderboardId);
    return randomUUID();
  }

  @Post('score-map/create')
  @ServerRoute('metaproSendRun', 'Send the score of a match', MetaproScore, {
    body: MetaproMapScoreRequest,
    guard: ScoreSenderGuard,
  })
  sendRun(@CurrentClient() applicationId: string, @Body() body: unknown): Promise<MetaproScore> {
    const { leaderboardId, projectId, roundData, ...run } = readKnown(MetaproMapScoreRequest, body);
    const { score } = readKnown(MetaproRoundRequest, roundData);
    assertOwn(applicationId, projectId);
    const sent = { id: run.matchId, userId: run.userId, score };
    return this.boards.send(applicationId, run.map ?? leaderboardId, sent);
  }

  @Get('score-map/get')
  @ofMap
  @inQuery('skip', 'How many to leave out, at most 100.')
  @limited
  @AnyoneRoute('metaproRuns', 'List a map', MetaproScores)
  runs(@Query() query: unknown, @OptionalCaller() reader: Reader): Promise<MetaproScores> {
    return this.boards.list(boardIn(query), query, reader);
  }

  @Get('score-map/get/personal/:userId')
  @ofMap
  @AnyoneRoute('metaproRun', 'Get a person on a map', [MetaproScore])
  async run(@Param('userId') userId: string, @Query() query: unknown): Promise<readonly MetaproScore[]> {
    return (await this.boards.personal(boardIn(query), userId, undefined)).scores;
  }

  @Get('score-map/get/count/:userId')
  @ofMap
  @AnyoneRoute('metaproRunCount', 'Count scores of a person', Number)
  runCount(@Param('userId') userId: string, @Query() query: unknown): Promise<number> {
    return this.boards.countOf(boardIn(query), userId);
  }
}

/** A map is a separate leaderboard. */
function boardIn(query: unknown): string {
  const read = new ListQuery(query);
  return read.text('map', UUID) ?? read.text('leaderboardId', UUID) ?? '';
}
