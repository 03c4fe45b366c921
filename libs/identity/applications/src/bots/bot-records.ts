import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Database } from '@countersign/database';
import { extensionPoint } from '@countersign/extensions';
import type { Keyset } from '@countersign/http';
import { botError } from '../application.errors';
import type { BotTarget } from './bot';
import { BotsRepository, type BotFilter } from './bots.repository';
import type { BotChange } from './bot-change';
import { BotsService } from './bots.service';
import type { BotEntity } from './bot.entity';

/** What a module withdraws when the token of a bot of the application is in the wrong hands. It may run again. */
interface Withdrawal {
  withdrawAllOf(applicationId: string): Promise<void>;
}

export const WithdrawsOfCompromisedBots = extensionPoint<Withdrawal>();

/** Bots for operators: nothing here opens a secret. */
@Injectable()
export class BotRecords {
  constructor(
    private readonly database: Database,
    private readonly repository: BotsRepository,
    private readonly bots: BotsService,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Newest first; one more than the limit of the page. */
  list(filter: BotFilter, keyset: Keyset): Promise<readonly BotEntity[]> {
    return this.database.read((manager) => this.repository.list(manager, filter, keyset));
  }

  /** @throws AppError bot.not_found */
  async get(target: BotTarget): Promise<BotEntity> {
    const found = await this.database.read((manager) => this.repository.find(manager, target));
    if (!found) throw botError('bot.not_found');
    return found;
  }

  /**
   * What proofs of a compromised bot may have requested is withdrawn after the commit, so that nothing delays the mark. A
   * call that failed there is repeated.
   * @throws AppError bot.not_found
   */
  async change(target: BotTarget, change: BotChange): Promise<BotEntity> {
    const bot = await this.bots.change(target, change);
    if (change.status === 'compromised')
      for (const withdrawal of WithdrawsOfCompromisedBots.in(this.discovery).all)
        await withdrawal.withdrawAllOf(bot.applicationId);
    return bot;
  }
}
