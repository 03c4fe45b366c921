import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  ChangesWhatIsCurrent,
  CountResponse,
  CreatesOnce,
  Cursors,
  HasETag,
  IfMatch,
  NeedsScope,
  type AssertCurrent,
} from '@countersign/admin';
import { Answers, TakesMergePatch, UuidPipe } from '@countersign/http';
import { toBotRecord } from '../bots/bot-record';
import { BotRecords } from '../bots/bot-records';
import { BotsService } from '../bots/bots.service';
import { BotPageResponse, BotResponse } from './dto/bot.dto';
import { AddBotRequest, ChangeBotRequest, RotateBotTokenRequest } from './dto/bot-requests';
import { BotsFilter, BotsQuery } from './dto/bots.query';
import { BotInPath } from './path-parameters';

const LIST = 'bots';

@AdminController('bots', 'Bots')
export class BotsController {
  constructor(
    private readonly bots: BotsService,
    private readonly records: BotRecords,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('applications:read')
  @ApiOperation({ operationId: 'listBots', summary: 'List bots, newest first' })
  @Answers(BotPageResponse)
  async list(@Query() query: BotsQuery): Promise<BotPageResponse> {
    const found = await this.records.list(query, this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (one) => BotResponse.of(one),
    });
  }

  @Get('count')
  @NeedsScope('applications:read')
  @ApiOperation({ operationId: 'countBots', summary: 'Count bots, up to 10000' })
  @Answers(CountResponse)
  count(@Query() filter: BotsFilter): Promise<CountResponse> {
    return this.records.count(filter);
  }

  @Post()
  @NeedsScope('bots:write')
  @CreatesOnce()
  @ApiOperation({ operationId: 'addBot', summary: 'Add a bot to an application' })
  @Answers(BotResponse, {
    status: 201,
    errors: [
      'application.not_found',
      'bot.invalid_username',
      'bot.invalid_mini_app_name',
      'bot.invalid_token',
      'bot.already_exists',
      'bot.token_in_use',
    ],
  })
  async add(@Body() wanted: AddBotRequest): Promise<BotResponse> {
    return BotResponse.of(toBotRecord(await this.bots.add(wanted.toNewBot())));
  }

  @Get(':id')
  @NeedsScope('applications:read')
  @HasETag()
  @ApiOperation({ operationId: 'readBot', summary: 'Read a bot' })
  @BotInPath()
  @Answers(BotResponse, { errors: ['bot.not_found'] })
  async read(@Param('id', new UuidPipe('bot.not_found')) id: string): Promise<BotResponse> {
    return BotResponse.of(await this.records.get({ id }));
  }

  @Patch(':id')
  @NeedsScope('bots:write')
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  @ApiOperation({
    operationId: 'changeBot',
    summary: 'Change a bot by a JSON merge patch',
    description:
      'The status `compromised` also ends the overlap of the token before, and withdraws the erasures that were ' +
      'requested with proofs of the bot’s token.',
  })
  @BotInPath()
  @Answers(BotResponse, {
    errors: ['bot.not_found', 'bot.invalid_username', 'bot.invalid_mini_app_name', 'bot.invalid_oidc_secret'],
  })
  async change(
    @Param('id', new UuidPipe('bot.not_found')) id: string,
    @Body() change: ChangeBotRequest,
    @IfMatch() assertCurrent: AssertCurrent,
  ): Promise<BotResponse> {
    const { bot } = await this.records.change({ id }, change, (current) => {
      assertCurrent(BotResponse.of(current));
    });
    return BotResponse.of(bot);
  }

  @Post(':id/rotate')
  @NeedsScope('bots:write')
  @ApiOperation({
    operationId: 'rotateBotToken',
    summary: 'Replace the token of a bot',
    description: 'With the current token only the overlap changes.',
  })
  @BotInPath()
  @Answers(BotResponse, {
    errors: [
      'bot.not_found',
      'bot.invalid_token',
      'bot.token_of_another',
      'bot.token_in_use',
      'bot.overlap_refused',
    ],
  })
  async rotate(
    @Param('id', new UuidPipe('bot.not_found')) id: string,
    @Body() wanted: RotateBotTokenRequest,
  ): Promise<BotResponse> {
    return BotResponse.of(toBotRecord(await this.bots.rotateToken({ id }, wanted.toRotation())));
  }

  @Delete(':id')
  @NeedsScope('bots:write')
  @ApiOperation({
    operationId: 'removeBot',
    summary: 'Remove a bot',
    description: 'Its proofs no longer verify; sessions continue.',
  })
  @BotInPath()
  @Answers(null, { errors: ['bot.not_found'] })
  async remove(@Param('id', new UuidPipe('bot.not_found')) id: string): Promise<void> {
    await this.bots.remove({ id });
  }
}
