import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/runtime';
import { LimitDigests } from './limit-digests';
import { SharedStore } from './store/shared-store';

export type Claim = 'new' | 'known' | 'full';

/** Marks that expire at about the same time. They are freed together. */
interface Slice {
  /** The end of each mark, in milliseconds since the epoch. */
  readonly marks: Map<string, number>;
  readonly owners: Map<string, number>;
}

const SLICE = 15 * SECOND;

/** Half a million marks take about 75 MB. */
const BOUNDS = { perOwner: 5_000, inAll: 500_000 };

/** A bounded replay cache. It never forgets a mark early: when it is full, it says so. */
export class MemoryMarks {
  private readonly slices = new Map<number, Slice>();

  constructor(private readonly bounds = BOUNDS) {}

  claim(mark: string, owner: string, seconds: number, now: Date): Claim {
    const at = now.getTime();
    for (const index of this.slices.keys()) if ((index + 1) * SLICE <= at) this.slices.delete(index);
    let [owned, total] = [0, 0];
    for (const { marks, owners } of this.slices.values()) {
      if ((marks.get(mark) ?? 0) > at) return 'known';
      owned += owners.get(owner) ?? 0;
      total += marks.size;
    }
    if (owned >= this.bounds.perOwner || total >= this.bounds.inAll) return 'full';
    this.remember(mark, owner, at + seconds * SECOND);
    return 'new';
  }

  private remember(mark: string, owner: string, endsAt: number): void {
    const index = Math.floor(endsAt / SLICE);
    const slice: Slice = this.slices.get(index) ?? { marks: new Map(), owners: new Map() };
    this.slices.set(index, slice);
    slice.marks.set(mark, endsAt);
    slice.owners.set(owner, (slice.owners.get(owner) ?? 0) + 1);
  }
}

/** Replay cache for one-time values. Strict within one process; replicas share it while Redis is available. */
@Injectable()
export class OneTimeMarks {
  private readonly memory = new MemoryMarks();

  constructor(
    private readonly digests: LimitDigests,
    private readonly store: SharedStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Never throws. `full` means that there is no space: refuse the value. @param id identifies the value, within any
   * owner
   * @param owner its quota is 5,000 live marks, and 500,000 for all owners together
   */
  async claim(id: Buffer, seconds: number, owner: string): Promise<Claim> {
    const mark = this.digests.of('mark', id);
    const claimed = this.memory.claim(mark, this.digests.of('owner', owner), seconds, this.clock.now());
    if (claimed !== 'new') return claimed;
    const lifetime = Math.max(1, Math.ceil(seconds));
    const reply = await this.store.ask((redis, prefix) =>
      redis.set(`${prefix}mark:${mark}`, 1, 'EX', lifetime, 'NX'),
    );
    return reply === null ? 'known' : 'new';
  }
}
