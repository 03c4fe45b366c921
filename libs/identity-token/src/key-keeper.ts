import { askForKeys, FRESH_FOR_AT_MOST, type KeysAnswer } from './ask-for-keys';
import { IdentityTokenError } from './identity-token-error';
import type { Policy } from './options';
import type { PublishedKey } from './published-keys';

/** All in seconds. */
const SEEK_PAUSE = 30;
const LONGEST_BACK_OFF = 60;

/**
 * The keys of an issuer, kept in memory.
 *
 * Keys that are no longer fresh serve while newer ones are on their way, so that nobody waits. After a long silence
 * the first caller does wait: keys may have left. While the issuer is away the last keys go on for a bounded time.
 * At any moment one request at most is on its way.
 */
export class KeyKeeper {
  private kept: (KeysAnswer & { readonly at: Date }) | null = null;
  private loading: Promise<void> | null = null;
  private failed: { readonly at: Date; readonly times: number; readonly cause: unknown } | null = null;
  private soughtAt: Date | null = null;

  constructor(private readonly policy: Policy) {}

  /** @throws IdentityTokenError unknown_key, keys_unavailable */
  async find(keyId: string): Promise<PublishedKey> {
    const before = this.kept;
    await this.keepUp();
    const isNew = this.kept !== before;
    const key = this.usable()?.get(keyId) ?? (isNew ? undefined : await this.seek(keyId));
    if (key) return key;
    // Of keys that are out of date nobody can say that one is missing.
    if (this.isFresh()) throw new IdentityTokenError('unknown_key');
    throw new IdentityTokenError('keys_unavailable', { cause: this.failed?.cause });
  }

  private async keepUp(): Promise<void> {
    if (this.isFresh()) return;
    const refreshing = this.refresh();
    if (!this.mayServeMeanwhile()) await refreshing;
  }

  /** A key that we have not seen may be new. Junk names unknown keys too, and must not make us ask all the time. */
  private async seek(keyId: string): Promise<PublishedKey | undefined> {
    if (!this.loading) {
      if (!this.usable() || this.isWithin(SEEK_PAUSE, this.soughtAt)) return undefined;
      this.soughtAt = this.policy.now();
    }
    await this.refresh();
    return this.usable()?.get(keyId);
  }

  /** Never rejects. */
  private refresh(): Promise<void> {
    if (!this.loading && this.isBackingOff()) return Promise.resolve();
    this.loading ??= this.load().finally(() => (this.loading = null));
    return this.loading;
  }

  private async load(): Promise<void> {
    const at = this.policy.now();
    try {
      this.kept = { ...(await askForKeys(this.policy)), at };
      this.failed = null;
    } catch (cause) {
      this.failed = { at: this.policy.now(), times: (this.failed?.times ?? 0) + 1, cause };
      this.report(cause);
    }
  }

  /** Whoever listens decides nothing about requests, not even by throwing. */
  private report(cause: unknown): void {
    try {
      this.policy.onRefreshFailed(cause);
    } catch {
      // The failure itself is remembered.
    }
  }

  private usable(): KeysAnswer['keys'] | undefined {
    const { kept } = this;
    return kept && this.isWithin(this.policy.keepKeysFor, kept.at) ? kept.keys : undefined;
  }

  private isFresh(): boolean {
    return this.kept !== null && this.isWithin(this.kept.freshFor, this.kept.at);
  }

  private mayServeMeanwhile(): boolean {
    const { kept, failed } = this;
    if (!kept || !this.usable()) return false;
    // A failure says that the issuer is away for as long as it is recent.
    const isAway = this.isWithin(FRESH_FOR_AT_MOST, failed?.at ?? null);
    return isAway || this.isWithin(kept.freshFor + FRESH_FOR_AT_MOST, kept.at);
  }

  private isBackingOff(): boolean {
    if (!this.failed) return false;
    return this.isWithin(Math.min(2 ** (this.failed.times - 1), LONGEST_BACK_OFF), this.failed.at);
  }

  /** A clock that was set back makes everything too old, rather than new for ever. */
  private isWithin(seconds: number, at: Date | null): boolean {
    const age = at ? this.policy.now().getTime() - at.getTime() : NaN;
    return age >= 0 && age < seconds * 1_000;
  }
}
