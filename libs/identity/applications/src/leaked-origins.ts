import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { ApplicationsService } from './applications.service';
import type { BotKey } from './bots/bot';
import { BotsService } from './bots/bots.service';

/** A secret in the wrong hands: the token of a bot, or what the vendor of an application signs with. */
export type LeakedBy = { readonly bot: BotKey } | { readonly vendorOf: string };

/** Which acts are wanted: all with `name`, and in the application those with one of `within`. */
export interface WantedOrigins {
  readonly name: string | null;
  readonly within: readonly string[];
  readonly applicationId: string;
}

/** The origins that acts by means of a leaked secret have. */
@Injectable()
export class LeakedOrigins {
  constructor(
    private readonly database: Database,
    private readonly bots: BotsService,
    private readonly applications: ApplicationsService,
  ) {}

  /** @throws AppError bot.not_found, application.not_found */
  async of(by: LeakedBy): Promise<WantedOrigins> {
    if ('vendorOf' in by) {
      const { id: applicationId } = await this.applications.getById(by.vendorOf);
      return { name: null, within: ['vendor'], applicationId };
    }
    const { provider, environment, botId } = by.bot;
    const { applicationId } = await this.database.transaction((tx) => this.bots.lock(tx, by.bot));
    return { name: `${provider}/${environment}/${botId}`, within: ['bot-token'], applicationId };
  }
}
