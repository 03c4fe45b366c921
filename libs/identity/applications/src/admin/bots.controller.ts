import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { BotsService } from '../bots/bots.service';
import { TakesMergePatch, readPage } from '@countersign/http';
import {
  AddBotRequest,
  BotPageResponse,
  BotResponse,
  BotsQuery,
  ChangeBotRequest,
  RotateBotTokenRequest,
} from './dto/bot.dto';
import { BotInPath } from './path-parameters';

@AdminController('bots', 'Bots')
export class BotsController {
  constructor(private readonly bots: BotsService) {}

  @Get()
  @Operation('listBots', 'applications:read', BotPageResponse, 'List bots, newest first')
  list(@Query() query: BotsQuery): Promise<BotPageResponse> {
    return readPage(query, BotResponse, (keyset) => this.bots.list(query, keyset));
  }

  @Post()
  @Operation('addBot', 'bots:write', BotResponse, {
    summary: 'Add a bot to an application',
    status: 201,
    errors: ['application.not_found', 'bot.invalid_token', 'bot.already_exists', 'bot.token_in_use'],
  })
  @CreatesOnce()
  async add(@Body() wanted: AddBotRequest): Promise<BotResponse> {
    return BotResponse.of(await this.bots.add(wanted.toNewBot()));
  }

  @Get(':id')
  @Operation('readBot', 'applications:read', BotResponse, 'Read a bot')
  async read(@BotInPath() id: string): Promise<BotResponse> {
    return BotResponse.of(await this.bots.get({ id }));
  }

  @Patch(':id')
  @Operation('changeBot', 'bots:write', BotResponse, {
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
  @Operation('rotateBotToken', 'bots:write', BotResponse, {
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
  async rotate(@BotInPath() id: string, @Body() wanted: RotateBotTokenRequest): Promise<BotResponse> {
    return BotResponse.of(await this.bots.rotateToken({ id }, wanted.toRotation()));
  }

  @Delete(':id')
  @Operation('removeBot', 'bots:write', null, {
    summary: 'Remove a bot',
    description: 'Its proofs no longer verify; sessions continue.',
  })
  async remove(@BotInPath() id: string): Promise<void> {
    await this.bots.remove({ id });
  }
}
