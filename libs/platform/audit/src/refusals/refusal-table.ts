import { MINUTE } from '@countersign/clock';
import type { RefusedRequest } from '@countersign/observability';

/** Refusals of a minute that are alike. */
export interface CountedRefusals {
  readonly minute: Date;
  readonly applicationId: string | null;
  readonly door: string | null;
  readonly route: string;
  readonly code: string;
  readonly userId: string | null;
  readonly principalId: string | null;
  readonly count: number;
}

/** The kind of all refusals beyond `maxKinds`: one entry for each minute. */
export const OTHERS = 'others';
const ANYBODY = { applicationId: null, userId: null, principalId: null };
const OF_OTHERS = { ...ANYBODY, door: null, route: OTHERS, code: OTHERS };

/**
 * Counts refusals in bounded memory, however many kinds of them callers cause. When there are too many, first without
 * caller and application, which a flood has many of: what was refused where stays visible beside it.
 */
export class RefusalTable {
  private readonly kinds = new Map<string, CountedRefusals>();

  constructor(private readonly maxKinds: number) {}

  /** @returns how many of its kind there are in this minute */
  add(refused: RefusedRequest, now: Date): number {
    const minute = minuteOf(now);
    const { applicationId, door, route, code, userId, principalId } = refused;
    const kind = { minute, applicationId, door, route, code, userId, principalId };
    return this.countOne(kind, 1);
  }

  /** Removes and answers the counts of minutes that are over, or all of them. */
  take(now: Date, all: boolean): readonly CountedRefusals[] {
    const current = minuteOf(now).getTime();
    const taken: CountedRefusals[] = [];
    for (const [key, kind] of this.kinds) {
      if (!all && kind.minute.getTime() === current) continue;
      taken.push(kind);
      this.kinds.delete(key);
    }
    return taken;
  }

  /** Counts again what could not be written. */
  giveBack(taken: readonly CountedRefusals[]): void {
    for (const kind of taken) this.countOne(kind, kind.count);
  }

  /** @returns how many there are of what it was counted as */
  private countOne(kind: Omit<CountedRefusals, 'count'>, count: number): number {
    const counted = this.rowFor(kind);
    const key = keyOf(counted);
    const total = (this.kinds.get(key)?.count ?? 0) + count;
    this.kinds.set(key, { ...counted, count: total });
    return total;
  }

  private rowFor(kind: Omit<CountedRefusals, 'count'>): Omit<CountedRefusals, 'count'> {
    if (this.hasRoom(kind, this.maxKinds)) return kind;
    const ofAnybody = { ...kind, ...ANYBODY };
    if (this.hasRoom(ofAnybody, 2 * this.maxKinds)) return ofAnybody;
    return { ...OF_OTHERS, minute: kind.minute };
  }

  private hasRoom(kind: Omit<CountedRefusals, 'count'>, maxKinds: number): boolean {
    return this.kinds.size < maxKinds || this.kinds.has(keyOf(kind));
  }
}

function minuteOf(now: Date): Date {
  return new Date(Math.floor(now.getTime() / MINUTE) * MINUTE);
}

function keyOf({
  minute,
  applicationId,
  route,
  code,
  userId,
  principalId,
}: Omit<CountedRefusals, 'count'>): string {
  return [minute.getTime(), applicationId, route, code, userId, principalId].join('\n');
}
