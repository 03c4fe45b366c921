import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { LimitDigests } from './limit-digests';
import { MemoryMarks, type Claim } from './store/memory-marks';
import { SharedStore } from './store/shared-store';

/**
 * Replay cache for one-time values. Strict within one process; replicas share it through Redis, while Redis
 * is available.
 */
@Injectable()
export class OneTimeMarks {
  private readonly memory = new MemoryMarks();

  constructor(
    private readonly digests: LimitDigests,
    private readonly store: SharedStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Never throws. `full` means there is no room for another one: refuse it.
   * @param id everything that identifies it, within any owner
   * @param seconds for which it is kept
   * @param owner whose quota it uses: 5,000 live marks each, and 500,000 in all
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

  /** Whether `claim` would answer `known`. Never throws. */
  async isKnown(id: Buffer): Promise<boolean> {
    const mark = this.digests.of('mark', id);
    if (this.memory.isKnown(mark, this.clock.now())) return true;
    return (await this.store.ask((redis, prefix) => redis.exists(`${prefix}mark:${mark}`))) === 1;
  }
}
