import { Injectable } from '@nestjs/common';
import type { CountResponse } from '@countersign/admin';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { botError } from '../application.errors';
import type { BotTarget } from './bot';
import { toBotRecord, type BotRecord } from './bot-record';
import { BotsRepository, type BotFilter } from './bots.repository';
import type { AssertCurrentBot, BotChange } from './bot-change';
import { BotsService } from './bots.service';

/** Bots for operators: nothing here opens a secret. */
@Injectable()
export class BotRecords {
  constructor(
    private readonly database: Database,
    private readonly repository: BotsRepository,
    private readonly bots: BotsService,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list(filter: BotFilter, keyset: Keyset): Promise<readonly BotRecord[]> {
    const found = await this.database.read((manager) => this.repository.list(manager, filter, keyset));
    return found.map((bot) => toBotRecord(bot));
  }

  async count(filter: BotFilter): Promise<CountResponse> {
    return this.database.read((manager) => this.repository.count(manager, filter));
  }

  /** @throws AppError bot.not_found */
  async get(target: BotTarget): Promise<BotRecord> {
    const found = await this.database.read((manager) => this.repository.find(manager, target));
    if (!found) throw botError('bot.not_found');
    return toBotRecord(found);
  }

  /** @throws AppError bot.not_found, bot.invalid_username, bot.invalid_mini_app_name, bot.invalid_oidc_secret */
  async change(target: BotTarget, change: BotChange, assertCurrent?: AssertCurrentBot): Promise<BotRecord> {
    return toBotRecord(await this.bots.change(target, change, assertCurrent));
  }
}
