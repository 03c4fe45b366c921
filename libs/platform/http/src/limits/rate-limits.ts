import { Injectable } from '@nestjs/common';
import { Clock, type CountBy, Metrics, SECOND } from '@countersign/runtime';
import { LRUCache } from 'lru-cache';
import { LimitDigests } from './limit-digests';
import type { LimitKey, LimitRule, Verdict, WindowCount } from './limit-rule';
import type { WindowAct } from './store/redis-client';
import { SharedStore } from './store/shared-store';

interface Window {
  used: number;
  /** In milliseconds since the epoch. */
  readonly endsAt: number;
}

/** The limit of one rule. A window takes about 200 bytes. */
const MAX_WINDOWS = 50_000;

/** Fixed windows, bounded per rule. A full rule forgets its own least recently used windows. */
export class MemoryWindows {
  private readonly rules = new Map<string, LRUCache<string, Window>>();

  constructor(private readonly maxWindows = MAX_WINDOWS) {}

  consume(id: string, rule: LimitRule, now: Date): WindowCount {
    const before = this.peek(id, rule, now);
    if (!before.isAllowed) return before;
    const window = this.find(id, rule, now) ?? this.begin(id, rule, now);
    window.used += 1;
    return before;
  }

  peek(id: string, rule: LimitRule, now: Date): WindowCount {
    const window = this.find(id, rule, now);
    const endsIn = window ? window.endsAt - now.getTime() : rule.window * SECOND;
    return { isAllowed: (window?.used ?? 0) < rule.limit, endsIn };
  }

  private find(id: string, { name }: LimitRule, now: Date): Window | undefined {
    const window = this.rules.get(name)?.get(id);
    return window && window.endsAt > now.getTime() ? window : undefined;
  }

  private begin(id: string, rule: LimitRule, now: Date): Window {
    const window: Window = { used: 0, endsAt: now.getTime() + rule.window * SECOND };
    let windows = this.rules.get(rule.name);
    if (!windows) {
      // `max` would allocate all entries at once, which takes 5 ms for each rule.
      windows = new LRUCache({ maxSize: this.maxWindows, sizeCalculation: () => 1 });
      this.rules.set(rule.name, windows);
    }
    windows.set(id, window);
    return window;
  }
}

/** Counts calls in Redis or in this process. Memory also counts, so a failure of Redis restarts no limit. */
@Injectable()
export class RateLimits {
  private readonly memory = new MemoryWindows();
  private readonly countLimited: CountBy<'rule'>;

  constructor(
    private readonly digests: LimitDigests,
    private readonly store: SharedStore,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.countLimited = metrics.counter(
      'countersign_rate_limited_total',
      'Calls above a rate limit at this replica.',
      'rule',
    );
  }

  get isShared(): boolean {
    return this.store.isLive;
  }

  get isToBeShared(): boolean {
    return this.store.isWanted;
  }

  /** Counts one call, unless the limit is reached. Never throws. */
  consume(rule: LimitRule, key: LimitKey): Promise<Verdict> {
    return this.count('consume', rule, key);
  }

  /** The result that `consume` would have, without counting. */
  peek(rule: LimitRule, key: LimitKey): Promise<Verdict> {
    return this.count('peek', rule, key);
  }

  private async count(act: WindowAct, rule: LimitRule, key: LimitKey): Promise<Verdict> {
    // A rule with a changed window counts anew: running windows keep their old end.
    const id = this.digests.of('window', rule.name, String(rule.window), ...key);
    const counted = this.memory[act](id, rule, this.clock.now());
    const reply = await this.store.ask((redis, prefix) =>
      redis.countersignWindow(`${prefix}limit:${id}`, rule.limit, rule.window * SECOND, act),
    );
    const windowMs = rule.window * SECOND;
    const isAllowed = reply ? reply[0] === 1 : counted.isAllowed;
    const endsIn = reply ? (reply[1] > 0 ? reply[1] : windowMs) : counted.endsIn;
    if (!isAllowed) this.countLimited({ rule: rule.name });
    return { isAllowed, resetIn: Math.max(1, Math.ceil(endsIn / SECOND)) };
  }
}
