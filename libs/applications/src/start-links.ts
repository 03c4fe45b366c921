import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ApplicationsService } from './applications.service';

/** What a link of `t.me` carries in `start`; `startapp` takes more. */
export const MAX_START_LENGTH = 64;
const START_PARAMETER = /^[\w-]{1,64}$/;

/** Links that open a bot of the application with a start parameter. */
export class StartLinkResponse {
  @ApiProperty({ description: 'The bot’s number at Telegram, as text.', example: '7342037359' })
  botId: string;

  @ApiProperty({
    format: 'uri',
    description: 'Opens its Mini App; the init data has the parameter as `start_param`.',
    example: 'https://t.me/game_bot/play?startapp=x_7Hq2',
  })
  startapp: string;

  @ApiProperty({
    format: 'uri',
    description: 'Opens the chat; the bot gets the parameter with `/start`.',
    example: 'https://t.me/game_bot?start=x_7Hq2',
  })
  start: string;
}

/** Links of `t.me` for invitations and the like. Source: https://core.telegram.org/api/links */
@Injectable()
export class StartLinks {
  constructor(private readonly applications: ApplicationsService) {}

  /**
   * For each active bot of the application in Telegram’s production environment, oldest first.
   * @param parameter 1 to 64 of `[A-Za-z0-9_-]`
   * @throws AppError application.not_found
   */
  async of(applicationId: string, parameter: string): Promise<readonly StartLinkResponse[]> {
    if (!START_PARAMETER.test(parameter)) throw new TypeError('a start parameter that no link carries');
    const { bots } = await this.applications.getBots(applicationId);
    return bots
      .filter(
        ({ provider, environment, status }) =>
          provider === 'telegram' && environment === 'production' && status === 'active',
      )
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .map(({ botId, username, miniAppName }) => {
        const bot = `https://t.me/${username}`;
        const app = miniAppName === null ? bot : `${bot}/${miniAppName}`;
        return { botId, startapp: `${app}?startapp=${parameter}`, start: `${bot}?start=${parameter}` };
      });
  }
}
