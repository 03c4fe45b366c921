import { SECOND } from '@countersign/clock';

/** Above this number, all users and teams count as changed. */
const MAX_CHANGES = 100_000;

/** The last change of each user and team, kept for the life of a token. */
export class RecentChanges {
  private young = new Map<string, number>();
  private old = new Map<string, number>();
  private turnedAt = Number.NEGATIVE_INFINITY;
  private everythingAt = Number.NEGATIVE_INFINITY;
  private readonly retentionMs: number;

  /** @param retentionSeconds at least the lifetime of a token */
  constructor(
    retentionSeconds: number,
    private readonly maxChanges = MAX_CHANGES,
  ) {
    // `iat` is in whole seconds: up to a second before the token was made.
    this.retentionMs = (retentionSeconds + 1) * SECOND;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** @param now milliseconds since 1970, of the clock that dates the tokens */
  note(id: string, now: number): void {
    if (this.young.size >= this.maxChanges) {
      this.noteEverything(now);
      this.young.clear();
      this.old.clear();
    }
    if (now - this.turnedAt >= this.retentionMs) {
      this.old = this.young;
      this.young = new Map();
      this.turnedAt = now;
    }
    this.young.set(id, now);
  }

  /** All users and teams count as changed. */
  noteEverything(now: number): void {
    this.everythingAt = Math.max(this.everythingAt, now);
  }

  /**
   * Whether a token is older than the last change of the id.
   * @param issuedAt milliseconds since 1970, in whole seconds: a token of the second of the change counts as older
   */
  isSince(issuedAt: number, id: string): boolean {
    const changedAt = this.young.get(id) ?? this.old.get(id);
    return changedAt !== undefined && issuedAt <= changedAt;
  }

  /** Whether a token is older than the last `noteEverything`. */
  isSinceEverything(issuedAt: number): boolean {
    return issuedAt <= this.everythingAt;
  }
}
