import { LRUCache } from 'lru-cache';
import { SECOND, type Clock } from '@countersign/runtime';
import type { Notifications } from './notifications';

export interface NotifiedCacheOptions<V> {
  /** Its messages are comma-separated keys that changed; an empty one means all of them. */
  readonly channel: string;
  /** Reads the database; `null` for a missing row, which is cached too. */
  readonly read: (key: string) => Promise<V | null>;
  readonly freshSeconds: number;
  readonly entries: number;
  readonly watch?: (result: 'hit' | 'miss') => void;
}

interface Entry<V> {
  readonly value: V | null;
  /** When the read began: its result may be older than its arrival. */
  readonly readAt: Date;
}

interface Load<V> {
  readonly promise: Promise<V | null>;
  isOutdated: boolean;
}

/**
 * Cached rows, dropped when a notification says that they changed. Used only while notifications are live:
 * otherwise every look-up reads the row. Evicts the least recently used. Simultaneous look-ups of one key
 * share a statement.
 */
export class NotifiedCache<V extends object> {
  private readonly entries: LRUCache<string, Entry<V>>;
  private readonly loads = new Map<string, Load<V>>();
  private drops = 0;

  constructor(
    private readonly notifications: Notifications,
    private readonly clock: Clock,
    private readonly options: NotifiedCacheOptions<V>,
  ) {
    this.entries = new LRUCache({ max: options.entries });
    const onMessage = (payload: string): void => {
      if (payload === '') this.dropAll();
      else for (const key of payload.split(',')) this.drop(key);
    };
    notifications.subscribe(options.channel, { onMessage, onSent: onMessage, onGap: () => this.dropAll() });
  }

  get size(): number {
    return this.entries.size;
  }

  /** What the cache knows for certain at `now`, without a query; `undefined` when one is needed. */
  peek(key: string, now: Date): V | null | undefined {
    const entry = this.notifications.isLive ? this.entries.get(key) : undefined;
    const isFresh =
      entry !== undefined && now.getTime() - entry.readAt.getTime() < this.options.freshSeconds * SECOND;
    this.options.watch?.(isFresh ? 'hit' : 'miss');
    return isFresh ? entry.value : undefined;
  }

  /** From the cache if it can be trusted, otherwise from the row. */
  async get(key: string): Promise<V | null> {
    const known = this.peek(key, this.clock.now());
    return known === undefined ? this.load(key) : known;
  }

  /**
   * From the cache if it can be trusted, otherwise by a read in the transaction of the caller: neither takes a second connection nor waits
   * for another transaction.
   */
  async getWithin(key: string, read: () => Promise<V | null>): Promise<V | null> {
    const readAt = this.clock.now();
    const known = this.peek(key, readAt);
    if (known !== undefined) return known;
    const { drops } = this;
    const value = await read();
    if (drops === this.drops) this.entries.set(key, { value, readAt });
    return value;
  }

  /** Reads the row, or waits for a statement that is reading it. */
  async load(key: string): Promise<V | null> {
    const load = this.loads.get(key) ?? this.startLoad(key);
    const loaded = await load.promise;
    // The row changed during the read: the result may be older than the change.
    return load.isOutdated ? this.load(key) : loaded;
  }

  /**
   * Reads the row by a statement that starts now: one in progress may have read it before an event that the
   * caller knows of.
   */
  async loadAnew(key: string): Promise<V | null> {
    await this.loads.get(key)?.promise.catch(() => undefined);
    return this.load(key);
  }

  isLoading(key: string): boolean {
    return this.loads.has(key);
  }

  drop(key: string): void {
    this.drops += 1;
    this.entries.delete(key);
    const load = this.loads.get(key);
    if (load) {
      load.isOutdated = true;
      this.loads.delete(key);
    }
  }

  dropAll(): void {
    this.drops += 1;
    this.entries.clear();
    for (const load of this.loads.values()) load.isOutdated = true;
    this.loads.clear();
  }

  private startLoad(key: string): Load<V> {
    const readAt = this.clock.now();
    const load: Load<V> = { promise: this.options.read(key), isOutdated: false };
    this.loads.set(key, load);
    const finish = (): void => {
      if (this.loads.get(key) === load) this.loads.delete(key);
    };
    load.promise.then((value) => {
      finish();
      if (!load.isOutdated) this.entries.set(key, { value, readAt });
    }, finish);
    return load;
  }
}
