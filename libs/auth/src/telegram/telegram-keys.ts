import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Bot } from '@countersign/applications';
import { Configuration } from '@countersign/config';
import { publicKeyFromHex, telegramPublicKeys } from '@countersign/telegram';

/** Whose Ed25519 signatures a bot's init data must carry: Telegram's, except for the demo bot of `npm start`. */
@Injectable()
export class TelegramKeys {
  private readonly demo: { readonly botId: string; readonly key: KeyObject } | null;

  constructor({ demoTelegramKey: demo }: Configuration) {
    this.demo = demo && { botId: demo.botId, key: publicKeyFromHex(demo.publicKeyHex) };
  }

  publicKeyFor(bot: Pick<Bot, 'botId' | 'environment'>): KeyObject {
    if (this.demo?.botId === bot.botId && bot.environment === 'production') return this.demo.key;
    return telegramPublicKeys[bot.environment];
  }
}
