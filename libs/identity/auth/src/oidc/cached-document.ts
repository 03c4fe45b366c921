import { plusSeconds, type Clock } from '@countersign/clock';

const FRESH_SECONDS = 3_600;
const RETRY_SECONDS = 30;

/** A document of another server, from memory for an hour. Simultaneous calls share one request; one that fails leaves what was there. */
export class CachedDocument<T> {
  private cached: { readonly value: Promise<T>; readonly at: Date } | null = null;

  constructor(
    private readonly load: () => Promise<T>,
    private readonly clock: Clock,
  ) {}

  /** @throws what `load` throws */
  get(freshSeconds = FRESH_SECONDS): Promise<T> {
    const now = this.clock.now();
    const { cached } = this;
    // After the clock was set back everything counts as too old, not as fresh forever.
    if (cached && cached.at <= now && now < plusSeconds(cached.at, freshSeconds)) return cached.value;
    const loading = { value: this.load(), at: now };
    loading.value.catch(() => {
      if (this.cached === loading) this.cached = cached;
    });
    this.cached = loading;
    return loading.value;
  }

  /** Fetches the document again, unless it is younger than 30 seconds: for a caller that misses an entry. */
  getNewer(): Promise<T> {
    return this.get(RETRY_SECONDS);
  }
}
