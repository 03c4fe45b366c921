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
  /** Whether they are recorded in the audit trail. */
  readonly isAudited: boolean;
  readonly count: number;
}

/** The kind of all refusals beyond `maxKinds`: one entry for each minute. */
export const OTHERS = 'others';
const OF_OTHERS = {
  applicationId: null,
  door: null,
  route: OTHERS,
  code: OTHERS,
  userId: null,
  principalId: null,
  isAudited: true,
};

/** Counts refusals in bounded memory, however many kinds of them callers cause. */
export class RefusalTable {
  private kinds = new Map<string, CountedRefusals & { count: number }>();

  constructor(private readonly maxKinds: number) {}

  /** @returns how many of its kind there are in this minute */
  add(refused: RefusedRequest, now: Date, isAudited: boolean): number {
    const minute = minuteOf(now);
    const { applicationId, door, route, code, userId, principalId } = refused;
    const kind = { minute, applicationId, door, route, code, userId, principalId, isAudited };
    return this.increase(kind) ?? this.increase({ ...OF_OTHERS, minute }, true) ?? 1;
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
    for (const kind of taken) {
      const key = keyOf(kind);
      const known = this.kinds.get(key);
      if (known) known.count += kind.count;
      else this.kinds.set(key, { ...kind });
    }
  }

  /** @returns null when there are too many kinds already. */
  private increase(kind: Omit<CountedRefusals, 'count'>, isForced = false): number | null {
    const key = keyOf(kind);
    const known = this.kinds.get(key);
    if (known) return (known.count += 1);
    if (this.kinds.size >= this.maxKinds && !isForced) return null;
    this.kinds.set(key, { ...kind, count: 1 });
    return 1;
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
