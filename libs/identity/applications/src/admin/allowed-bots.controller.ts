import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, CreatesOnce, NeedsScope } from '@countersign/admin';
import { Answers, UuidPipe } from '@countersign/http';
import { AcceptedBots } from '../bots/accepted-bots';
import { AllowBotRequest, AllowedBotResponse, AllowedBotsResponse } from './dto/allowed-bot.dto';
import { ApplicationInPath, BotIdInPath, EnvironmentInPath, ProviderInPath } from './path-parameters';

@AdminController('applications/:applicationId/allowed-bots', 'Applications')
export class AllowedBotsController {
  constructor(private readonly bots: AcceptedBots) {}

  @Get()
  @NeedsScope('applications:read')
  @ApiOperation({
    operationId: 'listAllowedBots',
    summary: 'List the bots of others whose proofs an application accepts',
  })
  @ApplicationInPath()
  @Answers(AllowedBotsResponse, { errors: ['application.not_found'] })
  async list(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
  ): Promise<AllowedBotsResponse> {
    const bots = await this.bots.list(applicationId);
    return { items: bots.map((bot) => AllowedBotResponse.of(bot)) };
  }

  @Post()
  @NeedsScope('bots:write')
  @CreatesOnce()
  @ApiOperation({
    operationId: 'allowBot',
    summary: 'Accept what Telegram signs for a bot of others',
    description: 'A bot that is allowed already stays so.',
  })
  @ApplicationInPath()
  @Answers(AllowedBotResponse, { status: 201, errors: ['application.not_found'] })
  async allow(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Body() wanted: AllowBotRequest,
  ): Promise<AllowedBotResponse> {
    return AllowedBotResponse.of(await this.bots.allow(applicationId, wanted.toKey()));
  }

  @Delete(':provider/:environment/:botId')
  @NeedsScope('bots:write')
  @ApiOperation({ operationId: 'disallowBot', summary: 'Accept a bot of others no more' })
  @ProviderInPath()
  @EnvironmentInPath()
  @BotIdInPath()
  @ApplicationInPath()
  @Answers(null, { errors: ['application.not_found', 'bot.not_listed'] })
  async disallow(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Param('provider') provider: string,
    @Param('environment') environment: string,
    @Param('botId') botId: string,
  ): Promise<void> {
    await this.bots.disallow(applicationId, { provider, environment, botId });
  }
}
