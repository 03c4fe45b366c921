import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/extensions';
import type { BotKey } from './bot';

/** What a module withdraws when the token of a bot is in the wrong hands. It may run again. */
export interface Withdrawal {
  /** @returns how many things it withdrew. */
  withdrawAllOf(bot: BotKey): Promise<number>;
}

/** Makes a provider withdraw what rests on the token of a bot when the bot is marked as compromised. */
export const WithdrawsOfCompromisedBots = extensionPoint<Withdrawal>();

/** The withdrawals of all modules. */
@Injectable()
export class CompromisedBots {
  private readonly withdrawals;

  constructor(discovery: DiscoveryService) {
    this.withdrawals = WithdrawsOfCompromisedBots.in(discovery);
  }

  /** @returns how many things were withdrawn. */
  async withdrawAllOf(bot: BotKey): Promise<number> {
    let total = 0;
    for (const withdrawal of this.withdrawals.all) total += await withdrawal.withdrawAllOf(bot);
    return total;
  }
}
