import { LRUCache } from 'lru-cache';
import { SECOND } from '@countersign/clock';
import type { LimitRule, WindowCount } from '../limit-rule';

interface Window {
  used: number;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** Of one rule, at some 200 bytes each. */
const MAX_WINDOWS = 50_000;

/**
 * Fixed windows in the memory of this process. Bounded per rule: with calls from more addresses than fit, it
 * forgets the least recently used windows of that rule, never those of another one.
 */
export class MemoryWindows {
  private readonly rules = new Map<string, LRUCache<string, Window>>();

  constructor(private readonly maxWindows = MAX_WINDOWS) {}

  /** Counts one, unless the limit is reached. */
  consume(id: string, rule: LimitRule, now: Date): WindowCount {
    const before = this.peek(id, rule, now);
    if (!before.isAllowed) return before;
    const window = this.find(id, rule, now) ?? this.begin(id, rule, now);
    window.used += 1;
    return { ...before, used: window.used };
  }

  /** The result that `consume` would have. */
  peek(id: string, rule: LimitRule, now: Date): WindowCount {
    const window = this.find(id, rule, now);
    const used = window?.used ?? 0;
    const endsIn = window ? window.endsAt - now.getTime() : rule.window * SECOND;
    return { isAllowed: used < rule.limit, used, endsIn };
  }

  private find(id: string, { name }: LimitRule, now: Date): Window | undefined {
    const window = this.rules.get(name)?.get(id);
    return window && window.endsAt > now.getTime() ? window : undefined;
  }

  private begin(id: string, rule: LimitRule, now: Date): Window {
    const window: Window = { used: 0, endsAt: now.getTime() + rule.window * SECOND };
    let windows = this.rules.get(rule.name);
    if (!windows) {
      // Not `max`, which allocates all of it at once: 5 ms for each rule.
      windows = new LRUCache({ maxSize: this.maxWindows, sizeCalculation: () => 1 });
      this.rules.set(rule.name, windows);
    }
    windows.set(id, window);
    return window;
  }
}
