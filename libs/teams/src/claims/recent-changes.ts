import { SECOND } from '@countersign/clock';

/** More changes than these are remembered as one change of everything. */
const MAX_CHANGES = 100_000;

/** When users and teams changed last, by id; for as long as a token from before the change may be used. */
export class RecentChanges {
  private young = new Map<string, number>();
  private old = new Map<string, number>();
  private turnedAt = Number.NEGATIVE_INFINITY;
  private everythingAt = Number.NEGATIVE_INFINITY;
  private readonly keptMs: number;

  /** @param keptSeconds at least the life of a token */
  constructor(
    keptSeconds: number,
    private readonly maxChanges = MAX_CHANGES,
  ) {
    // An instant in whole seconds lies up to one of them before the token was made.
    this.keptMs = (keptSeconds + 1) * SECOND;
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
    if (now - this.turnedAt >= this.keptMs) {
      this.old = this.young;
      this.young = new Map();
      this.turnedAt = now;
    }
    this.young.set(id, now);
  }

  /** Any of them may have changed. */
  noteEverything(now: number): void {
    this.everythingAt = Math.max(this.everythingAt, now);
  }

  /**
   * Whether a token does not know of the last change.
   * @param issuedAt milliseconds since 1970, but in whole seconds: one that was made in the second of the change counts
   * as older
   */
  isSince(issuedAt: number, id: string): boolean {
    const changedAt = this.young.get(id) ?? this.old.get(id);
    return changedAt !== undefined && issuedAt <= changedAt;
  }

  /** Like `isSince`, of changes that were not told one by one. */
  isSinceEverything(issuedAt: number): boolean {
    return issuedAt <= this.everythingAt;
  }
}
