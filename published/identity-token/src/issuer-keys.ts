import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { boundedFetch } from './bounded-fetch';
import { IdentityTokenError } from './identity-token-error';
import type { Policy } from './options';

/** All constants are in seconds. A key is published ten minutes before it signs. */
const FRESH = 300;
/** How long stale keys are used during a fetch of newer ones. */
const SERVE_MEANWHILE = 900;
/** How long keys are used while the issuer is unreachable. */
const USABLE = 24 * 3_600;
const SEEK_PAUSE = 30;
const FAILURE_IS_RECENT = 600;
const MAX_BACK_OFF = 60;

/**
 * Caches the issuer's keys. jose fetches, parses and selects keys; this class decides when to fetch. The cache of jose
 * discards an old set if the issuer is unreachable, and then fetches again for each token.
 */
export class IssuerKeys {
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;
  private keyIds: ReadonlySet<unknown> = new Set();
  private loading: Promise<void> | null = null;
  private loadedAt: Date | null = null;
  private soughtAt: Date | null = null;
  private failure: { readonly at: Date; readonly times: number; readonly cause: unknown } | null = null;

  constructor(private readonly policy: Policy) {
    this.remote = createRemoteJWKSet(new URL(policy.jwksUrl), {
      timeoutDuration: Math.ceil(policy.timeLimit * 1_000),
      cacheMaxAge: Infinity,
      cooldownDuration: Infinity,
      [customFetch]: boundedFetch(policy.fetch),
    });
  }

  /** Serves `jwtVerify()`. @throws IdentityTokenError malformed, unknown_key, algorithm_refused, keys_unavailable */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (typeof header.kid !== 'string' || header.kid === '') throw new IdentityTokenError('malformed');
    await this.load(header.kid);
    if (!this.isUsable()) throw new IdentityTokenError('keys_unavailable', { cause: this.failure?.cause });
    if (!this.keyIds.has(header.kid)) {
      // The issuer may have new keys that an old set lacks.
      const code = this.isWithin(FRESH, this.loadedAt) ? 'unknown_key' : 'keys_unavailable';
      throw new IdentityTokenError(code, { cause: this.failure?.cause });
    }
    return this.remote(header, token).catch((cause: unknown) => {
      const isOfOtherKind = cause instanceof errors.JWKSNoMatchingKey;
      throw new IdentityTokenError(isOfOtherKind ? 'algorithm_refused' : 'unknown_key', { cause });
    });
  };

  private async load(keyId: string): Promise<void> {
    const before = this.loadedAt;
    if (!this.isWithin(FRESH, before)) {
      const refreshed = this.refresh();
      if (!this.mayServeMeanwhile()) await refreshed;
    }
    if (!this.isUsable() || this.keyIds.has(keyId) || this.loadedAt !== before) return;
    // The key may be new, but invented key ids must not cause a fetch per request.
    if (!this.loading && this.isWithin(SEEK_PAUSE, this.soughtAt)) return;
    this.soughtAt = this.policy.now();
    await this.refresh();
  }

  /** Sends one request at a time, with exponential back-off. It never rejects. */
  private refresh(): Promise<void> {
    const { failure } = this;
    const isBackingOff =
      failure && this.isWithin(Math.min(2 ** (failure.times - 1), MAX_BACK_OFF), failure.at);
    if (!this.loading && isBackingOff) return Promise.resolve();
    this.loading ??= this.reload().finally(() => (this.loading = null));
    return this.loading;
  }

  private async reload(): Promise<void> {
    const at = this.policy.now();
    try {
      await this.remote.reload();
      this.keyIds = new Set(this.remote.jwks()?.keys.map(({ kid }) => kid));
      this.loadedAt = at;
      this.failure = null;
    } catch (cause) {
      this.failure = { at: this.policy.now(), times: (this.failure?.times ?? 0) + 1, cause };
      this.report(cause);
    }
  }

  private report(cause: unknown): void {
    try {
      this.policy.onRefreshFailed(cause);
    } catch {
      // An error of the listener must not refuse tokens.
    }
  }

  private isUsable(): boolean {
    return this.isWithin(USABLE, this.loadedAt);
  }

  private mayServeMeanwhile(): boolean {
    const isAway = this.isWithin(FAILURE_IS_RECENT, this.failure?.at ?? null);
    return this.isUsable() && (isAway || this.isWithin(SERVE_MEANWHILE, this.loadedAt));
  }

  /** After the clock was set back, everything is too old instead of fresh forever. */
  private isWithin(seconds: number, at: Date | null): boolean {
    const age = at ? this.policy.now().getTime() - at.getTime() : NaN;
    return age >= 0 && age < seconds * 1_000;
  }
}
