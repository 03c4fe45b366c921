import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { OneOf, Text, Uri } from '@countersign/http';
import { ApplicationsService } from '../applications.service';
import { environments, type Environment } from './bot';
import type { Bot } from './bot.entity';

/** The format of `start` in links of `t.me`; `startapp` allows more. */
const START_PARAMETER = /^[\w-]{1,64}$/;

export class StartLinkResponse {
  @Text('The bot’s number at Telegram, as text.', '7342037359')
  botId: string;

  @Uri(
    'Opens its Mini App; the init data has the parameter as `start_param`.',
    'https://t.me/game_bot/play?startapp=x_7Hq2',
  )
  startapp: string;

  @Uri('Opens the chat; the bot gets the parameter with `/start`.', 'https://t.me/game_bot?start=x_7Hq2')
  start: string;
}

export class AppLinkResponse {
  @OneOf(environments, 'Where the bot lives.', 'production')
  environment: Environment;

  @Text('The bot’s number at its platform, as text.', '7342037359')
  botId: string;

  @Uri(
    'The init data of the Mini App that it opens has the parameter as `start_param`.',
    'https://t.me/game_bot/play?startapp=s_Hq7mXw2kVt9pRb4cYd8nJs3f',
  )
  url: string;
}

/** Sources: https://core.telegram.org/api/links, https://docs.openweb3.io/reference/launch-parameters */
@Injectable()
export class StartLinks {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly configuration: Configuration,
  ) {}

  /**
   * For each active bot of the application in Telegram's production environment, oldest first.
   * @param parameter 1 to 64 of `[A-Za-z0-9_-]`
   */
  async of(applicationId: string, parameter: string): Promise<readonly StartLinkResponse[]> {
    const bots = await this.botsOf(applicationId, parameter);
    return bots
      .filter(({ provider, environment }) => provider === 'telegram' && environment === 'production')
      .map((bot) => ({
        botId: bot.botId,
        startapp: telegramLinkOf(bot, parameter),
        start: `https://t.me/${bot.username}?start=${parameter}`,
      }));
  }

  /**
   * For each active bot of the application, in the test environment too. A link opens the bot's named Mini App, because
   * Telegram's clients open a second instance only of named ones. Without a name, it opens the main one; an OpenWeb3
   * bot then has no link. No OpenWeb3 bot has one if the installation does not set how their links begin.
   * @param parameter 1 to 64 of `[A-Za-z0-9_-]`
   */
  async ofApps(applicationId: string, parameter: string): Promise<readonly AppLinkResponse[]> {
    const bots = await this.botsOf(applicationId, parameter);
    const { openWeb3Links } = this.configuration;
    return bots.flatMap((bot) => {
      const { provider, environment, botId, username, miniAppName } = bot;
      if (provider === 'telegram') return [{ environment, botId, url: telegramLinkOf(bot, parameter) }];
      if (openWeb3Links === null || miniAppName === null) return [];
      const url = `${openWeb3Links}/${username}/${miniAppName}?startapp=${parameter}`;
      return [{ environment, botId, url }];
    });
  }

  private async botsOf(applicationId: string, parameter: string): Promise<readonly Bot[]> {
    if (!START_PARAMETER.test(parameter)) throw new TypeError('a start parameter that no link carries');
    const { bots } = await this.applications.getBots(applicationId);
    return bots
      .filter(({ status }) => status === 'active')
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
}

function telegramLinkOf({ username, miniAppName }: Bot, parameter: string): string {
  return `https://t.me/${miniAppName === null ? username : `${username}/${miniAppName}`}?startapp=${parameter}`;
}
