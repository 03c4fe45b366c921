import { Body, Delete, Get, Post } from '@nestjs/common';
import { AcceptedBots } from '../bots/accepted-bots';
import { environments, providers } from '../bots/bot';
import { AdminController, Operation } from '@countersign/admin';
import { TextInPath, toResponse } from '@countersign/http';
import { AllowBotRequest, AllowedBotResponse, AllowedBotsResponse } from './dto/allowed-bot.dto';
import { ApplicationInPath } from './path-parameters';

@AdminController('applications/:applicationId/allowed-bots', 'Applications')
export class AllowedBotsController {
  constructor(private readonly bots: AcceptedBots) {}

  @Get()
  @Operation('listAllowedBots', 'applications:read', AllowedBotsResponse, {
    summary: 'List the bots of others whose proofs an application accepts',
  })
  async list(@ApplicationInPath() applicationId: string): Promise<AllowedBotsResponse> {
    const bots = await this.bots.list(applicationId);
    return { items: bots.map((bot) => toResponse(AllowedBotResponse, bot)) };
  }

  @Post()
  @Operation('allowBot', 'bots:write', AllowedBotResponse, {
    summary: 'Accept what Telegram signs for a bot of others',
    description: 'A bot that is allowed already stays so.',
    status: 201,
  })
  async allow(
    @ApplicationInPath() applicationId: string,
    @Body() wanted: AllowBotRequest,
  ): Promise<AllowedBotResponse> {
    return toResponse(AllowedBotResponse, await this.bots.allow(applicationId, wanted.toKey()));
  }

  @Delete(':provider/:environment/:botId')
  @Operation('disallowBot', 'bots:write', null, {
    summary: 'Accept a bot of others no more',
    errors: ['bot.not_listed'],
  })
  async disallow(
    @ApplicationInPath() applicationId: string,
    @TextInPath('provider', 'Its provider.', 'telegram', providers) provider: string,
    @TextInPath('environment', 'The environment of the provider.', 'production', environments)
    environment: string,
    @TextInPath('botId', 'The provider’s number, as text.', '7342037359') botId: string,
  ): Promise<void> {
    await this.bots.disallow(applicationId, { provider, environment, botId });
  }
}
