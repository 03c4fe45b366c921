import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, SECOND } from '@countersign/clock';
import { Metrics } from '@countersign/observability';
import { MAX_SESSIONS } from './session-cache';

/** The code that an access token is refused with. */
export type TokenRefusal = 'session.expired' | 'session.ended' | 'session.token_invalid';

const FINAL_SECONDS = 600;

/** An idle token may have been used at another replica, which writes that within a second. */
const IDLE_SECONDS = 1;

interface Refused {
  readonly code: TokenRefusal;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Negative cache of access tokens that the database has refused: repeating one costs no statement. By the
 * digest of the whole token. No such token becomes valid again: its session is over, or another token has
 * replaced it.
 */
@Injectable()
export class RefusedTokens {
  private readonly refused = new LRUCache<string, Refused>({ max: MAX_SESSIONS });

  constructor(
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    metrics.watchCache('refusals', () => this.refused.size);
  }

  find(digest: Buffer): TokenRefusal | undefined {
    if (this.refused.size === 0) return undefined;
    const found = this.refused.get(digest.toString('latin1'));
    const isKnown = found !== undefined && found.until > this.clock.now().getTime();
    this.metrics.cacheLookup('refusals', isKnown ? 'hit' : 'miss');
    return isKnown ? found.code : undefined;
  }

  /** @param isIdle whether only its idle deadline has passed */
  add(digest: Buffer, code: TokenRefusal, isIdle: boolean): void {
    const seconds = isIdle ? IDLE_SECONDS : FINAL_SECONDS;
    const until = this.clock.now().getTime() + seconds * SECOND;
    this.refused.set(digest.toString('latin1'), { code, until });
  }
}
