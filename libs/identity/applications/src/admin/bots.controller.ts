import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { BotsService } from '../bots/bots.service';
import { IdInPath, readPage, TakesMergePatch, TextInPath, toResponse } from '@countersign/http';
import { AcceptedBots } from '../bots/accepted-bots';
import { environments, providers } from '../bots/bot';
import {
  AddBotRequest,
  AllowBotRequest,
  AllowedBotResponse,
  AllowedBotsResponse,
  BotPageResponse,
  BotResponse,
  BotsQuery,
  ChangeBotRequest,
  RotateBotTokenRequest,
} from './dto/bot.dto';
import { ApplicationInPath } from './applications.controller';
import { applicationScopes } from '../applications.feature';

const BotInPath = (): ParameterDecorator =>
  IdInPath('id', 'bot.not_found', 'The `id` of the bot, which is not its `botId`.');

@AdminController('bots', 'Bots')
export class BotsController {
  constructor(private readonly bots: BotsService) {}

  @Get()
  @Operation('listBots', applicationScopes.applicationsRead, BotPageResponse, 'List bots, newest first')
  list(@Query() query: BotsQuery): Promise<BotPageResponse> {
    return readPage(query, BotResponse, (keyset) => this.bots.list(query, keyset));
  }

  @Post()
  @Operation('addBot', applicationScopes.botsWrite, BotResponse, {
    summary: 'Add a bot to an application',
    status: 201,
    errors: ['application.not_found', 'bot.invalid_token', 'bot.already_exists', 'bot.token_in_use'],
  })
  @CreatesOnce()
  async add(@Body() wanted: AddBotRequest): Promise<BotResponse> {
    return BotResponse.of(await this.bots.add(wanted));
  }

  @Get(':id')
  @Operation('readBot', applicationScopes.applicationsRead, BotResponse, 'Read a bot')
  async read(@BotInPath() id: string): Promise<BotResponse> {
    return BotResponse.of(await this.bots.get(id));
  }

  @Patch(':id')
  @Operation('changeBot', applicationScopes.botsWrite, BotResponse, {
    summary: 'Change a bot by a JSON merge patch',
    description:
      'The status `compromised` also ends the overlap of the token before, and withdraws the erasures that were ' +
      'requested with proofs of the bot’s token.',
  })
  @TakesMergePatch()
  async change(@BotInPath() id: string, @Body() change: ChangeBotRequest): Promise<BotResponse> {
    return BotResponse.of(await this.bots.change({ id }, change));
  }

  @Post(':id/rotate')
  @Operation('rotateBotToken', applicationScopes.botsWrite, BotResponse, {
    summary: 'Replace the token of a bot',
    description: 'With the current token only the overlap changes.',
    errors: [
      'bot.invalid_token',
      'bot.token_of_another',
      'bot.token_in_use',
      'bot.overlap_refused',
      'bot.token_unchanged',
    ],
  })
  async rotate(
    @BotInPath() id: string,
    @Body() { token, overlapUntil: until }: RotateBotTokenRequest,
  ): Promise<BotResponse> {
    const overlapUntil = until === undefined ? null : new Date(until);
    return BotResponse.of(await this.bots.rotateToken({ id }, { token, overlapUntil }));
  }

  @Delete(':id')
  @Operation('removeBot', applicationScopes.botsWrite, null, {
    summary: 'Remove a bot',
    description: 'Its proofs no longer verify; sessions continue.',
  })
  async remove(@BotInPath() id: string): Promise<void> {
    await this.bots.remove({ id });
  }
}

@AdminController('applications/:applicationId/allowed-bots', 'Applications')
export class AllowedBotsController {
  constructor(private readonly bots: AcceptedBots) {}

  @Get()
  @Operation('listAllowedBots', applicationScopes.applicationsRead, AllowedBotsResponse, {
    summary: 'List the bots of others whose proofs an application accepts',
  })
  async list(@ApplicationInPath() applicationId: string): Promise<AllowedBotsResponse> {
    const bots = await this.bots.list(applicationId);
    return { items: bots.map((bot) => toResponse(AllowedBotResponse, bot)) };
  }

  @Post()
  @Operation('allowBot', applicationScopes.botsWrite, AllowedBotResponse, {
    summary: 'Accept what Telegram signs for a bot of others',
    description:
      'The operator of that bot receives every launch of it, and can sign in here as each visitor: allow only bots whose ' +
      'operator you trust. A bot that is already allowed stays allowed.',
    status: 201,
  })
  async allow(
    @ApplicationInPath() applicationId: string,
    @Body() wanted: AllowBotRequest,
  ): Promise<AllowedBotResponse> {
    const { provider = 'telegram', environment = 'production', botId } = wanted;
    const allowed = await this.bots.allow(applicationId, { provider, environment, botId });
    return toResponse(AllowedBotResponse, allowed);
  }

  @Delete(':provider/:environment/:botId')
  @Operation('disallowBot', applicationScopes.botsWrite, null, {
    summary: 'Accept a bot of others no more',
    errors: ['bot.not_listed'],
  })
  async disallow(
    @ApplicationInPath() applicationId: string,
    @TextInPath('provider', 'Its provider.', 'telegram', providers) provider: string,
    @TextInPath('environment', 'The environment of the provider.', 'production', environments)
    environment: string,
    @TextInPath('botId', 'The number of the bot at its provider, as text.', '7342037359') botId: string,
  ): Promise<void> {
    await this.bots.disallow(applicationId, { provider, environment, botId });
  }
}
