import { plusSeconds, type Clock } from '@countersign/clock';

/** All in seconds. */
const FRESH = 3_600;
const USABLE = 24 * 3_600;
const RETRY = 30;

/**
 * A cached document of another server. Simultaneous calls share one request, and while the server is away the
 * last document is used for up to a day.
 */
export class CachedDocument<T> {
  private cached: { readonly value: T; readonly at: Date } | null = null;
  private loading: Promise<T> | null = null;
  private failedAt: Date | null = null;
  private renewedAt: Date | null = null;

  constructor(
    private readonly load: () => Promise<T>,
    private readonly clock: Clock,
  ) {}

  /**
   * At most an hour old while the server answers. @throws what `load` throws when there is no usable document
   */
  async get(): Promise<T> {
    const { cached } = this;
    return cached && this.isWithin(FRESH, cached.at) ? cached.value : this.reload();
  }

  /** Fetches the document again, at most once in 30 seconds: for a caller that misses an entry. */
  async getNewer(): Promise<T> {
    if (!this.loading) {
      if (this.isWithin(RETRY, this.renewedAt)) return this.get();
      this.renewedAt = this.clock.now();
    }
    return this.reload();
  }

  private async reload(): Promise<T> {
    const { cached } = this;
    const usable = cached && this.isWithin(USABLE, cached.at) ? cached : null;
    if (usable && this.isWithin(RETRY, this.failedAt)) return usable.value;
    this.loading ??= this.replace();
    try {
      return await this.loading;
    } catch (error) {
      if (usable) return usable.value;
      throw error;
    }
  }

  private async replace(): Promise<T> {
    try {
      const value = await this.load();
      this.cached = { value, at: this.clock.now() };
      this.failedAt = null;
      return value;
    } catch (error) {
      this.failedAt = this.clock.now();
      throw error;
    } finally {
      this.loading = null;
    }
  }

  /** After the clock was set back everything counts as too old, not as fresh forever. */
  private isWithin(seconds: number, at: Date | null): boolean {
    const now = this.clock.now();
    return at !== null && at <= now && now < plusSeconds(at, seconds);
  }
}
