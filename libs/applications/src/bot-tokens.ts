import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeyRing, open, seal, type Place, type Sealed } from '@countersign/crypto';
import { deriveInitDataKey } from '@countersign/telegram';
import type { Bot } from './bot';

const CACHED_BOTS = 1_000;

/** Seals and opens bot tokens, and keeps the keys that are derived from them while the process lives. */
@Injectable()
export class BotTokens {
  private readonly initDataKeys = new LRUCache<string, KeyObject>({ max: CACHED_BOTS });

  constructor(private readonly keyRing: KeyRing) {}

  seal(botRowId: string, token: string): Sealed {
    return seal(this.keyRing.active('sealing'), placeOf(botRowId), token);
  }

  /** The key of the init data HMAC. A changed token has another sealed text, so nothing stale is found. */
  initDataKey(bot: Bot): KeyObject {
    const cacheKey = `${bot.id}/${bot.token}`;
    const cached = this.initDataKeys.get(cacheKey);
    if (cached) return cached;
    const token = open((keyId) => this.keyRing.find('sealing', keyId), placeOf(bot.id), bot.token);
    const key = deriveInitDataKey(token);
    this.initDataKeys.set(cacheKey, key);
    return key;
  }
}

function placeOf(botRowId: string): Place {
  return { table: 'bots', column: 'token', row: botRowId };
}
