import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { BotKey } from './bot';

/** What a module withdraws when the token of a bot is in the wrong hands. It may run again. */
export interface Withdrawal {
  /** @returns how many things it withdrew. */
  withdrawAllOf(bot: BotKey): Promise<number>;
}

const Withdraws = DiscoveryService.createDecorator();

/** Makes a provider withdraw what rests on the token of a bot when the bot is marked as compromised. */
export function WithdrawsOfCompromisedBots(): (provider: new (...parts: never[]) => Withdrawal) => void {
  return Withdraws({});
}

/** The withdrawals of all modules. */
@Injectable()
export class CompromisedBots {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @returns how many things were withdrawn. */
  async withdrawAllOf(bot: BotKey): Promise<number> {
    let total = 0;
    for (const { instance } of this.discovery.getProviders({ metadataKey: Withdraws.KEY }))
      total += await (instance as Withdrawal).withdrawAllOf(bot);
    return total;
  }
}
