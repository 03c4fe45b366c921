import { LRUCache } from 'lru-cache';
import { SECOND, type Clock } from '@countersign/runtime';
import type { Notifications } from './notifications';

export interface NotifiedCacheOptions<V> {
  /** Its messages are comma-separated keys that changed. An empty message means all keys. */
  readonly channel: string;
  /** Reads the database. `null` for a missing row is cached too. */
  readonly read: (key: string) => Promise<V | null>;
  readonly freshSeconds: number;
  readonly entries: number;
  readonly watch?: (result: 'hit' | 'miss') => void;
}

interface Entry<V> {
  readonly value: V | null;
  /** The start of the read: the result may be older than its arrival. */
  readonly readAt: Date;
}

interface Load<V> {
  readonly promise: Promise<V | null>;
  isOutdated: boolean;
}

/** Caches rows until a notification says that they changed. Unless notifications are live, each call reads the row. */
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

  /** The cached value, if it is certain at `now`; `undefined` when a query is needed. */
  peek(key: string, now: Date): V | null | undefined {
    const entry = this.notifications.isLive ? this.entries.get(key) : undefined;
    const isFresh =
      entry !== undefined && now.getTime() - entry.readAt.getTime() < this.options.freshSeconds * SECOND;
    this.options.watch?.(isFresh ? 'hit' : 'miss');
    return isFresh ? entry.value : undefined;
  }

  async get(key: string): Promise<V | null> {
    const known = this.peek(key, this.clock.now());
    return known === undefined ? this.load(key) : known;
  }

  /** Like `get`, but reads in the caller's transaction: it needs no second connection, and does not wait. */
  async getWithin(key: string, read: () => Promise<V | null>): Promise<V | null> {
    const readAt = this.clock.now();
    const known = this.peek(key, readAt);
    if (known !== undefined) return known;
    const { drops } = this;
    const value = await read();
    if (drops === this.drops) this.entries.set(key, { value, readAt });
    return value;
  }

  async load(key: string): Promise<V | null> {
    const load = this.loads.get(key) ?? this.startLoad(key);
    const loaded = await load.promise;
    // The row changed during the read, so the result may be older than the change.
    return load.isOutdated ? this.load(key) : loaded;
  }

  /** Reads the row with a new statement: a running one may have read it before an event that the caller knows of. */
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
