import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeyRing, open, seal, type Sealed } from '@countersign/crypto';
import { deriveInitDataKey, deriveLoginWidgetKey } from '@countersign/proofs';
import type { Bot } from './bot.entity';

const CACHED_KEYS = 2_000;

type BotSecretColumn = 'token' | 'prior_token' | 'oidc_client_secret';

const derivations = { 'init-data': deriveInitDataKey, 'login-widget': deriveLoginWidgetKey };
type KeyKind = keyof typeof derivations;

/** Seals and opens the secrets of bots. Caches the keys that are derived from tokens. */
@Injectable()
export class BotTokens {
  private readonly keys = new LRUCache<string, KeyObject>({ max: CACHED_KEYS });

  constructor(private readonly keyRing: KeyRing) {}

  seal(botRowId: string, column: BotSecretColumn, secret: string): Sealed {
    return seal(this.keyRing, { table: 'bots', column, row: botRowId }, secret);
  }

  open(botRowId: string, column: BotSecretColumn, sealed: Sealed): string {
    return open(this.keyRing, { table: 'bots', column, row: botRowId }, sealed);
  }

  /** The valid HMAC keys: that of the token, and that of the previous token during its overlap. */
  keysOf(bot: Bot, kind: KeyKind, now: Date): readonly KeyObject[] {
    const current = this.keyOf(bot.id, kind, 'token', bot.token);
    const { priorToken, priorTokenExpiresAt } = bot;
    if (!priorToken || !priorTokenExpiresAt || priorTokenExpiresAt <= now) return [current];
    return [current, this.keyOf(bot.id, kind, 'prior_token', priorToken)];
  }

  /** A changed token has another sealed text, so no stale key is found. */
  private keyOf(botRowId: string, kind: KeyKind, column: BotSecretColumn, sealed: Sealed): KeyObject {
    const cacheKey = `${kind}/${botRowId}/${sealed}`;
    const cached = this.keys.get(cacheKey);
    if (cached) return cached;
    const key = derivations[kind](this.open(botRowId, column, sealed));
    this.keys.set(cacheKey, key);
    return key;
  }
}
