import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Bot } from '@countersign/applications';
import { Configuration } from '@countersign/config';
import { publicKeyFromHex, telegramPublicKeys } from '@countersign/telegram';

/** The Ed25519 keys for a bot's init data: Telegram's, or those of a fake Telegram in development. */
@Injectable()
export class TelegramKeys {
  private readonly madeUp: ReadonlyMap<string, KeyObject>;

  constructor({ demoTelegramKeys }: Configuration) {
    this.madeUp = new Map(
      demoTelegramKeys.map(({ botId, publicKeyHex }) => [botId, publicKeyFromHex(publicKeyHex)]),
    );
  }

  publicKeyFor({ botId, environment }: Pick<Bot, 'botId' | 'environment'>): KeyObject {
    const madeUp = environment === 'production' ? this.madeUp.get(botId) : undefined;
    return madeUp ?? telegramPublicKeys[environment];
  }
}
