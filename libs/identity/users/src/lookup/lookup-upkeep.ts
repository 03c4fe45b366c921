import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DAY, plusSeconds, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import type { InstallationEntity } from '../installation/installation.entity';
import { InstallationRepository } from '../installation/installation.repository';
import { LookupDigestWork } from './lookup-digest-work';
import { LookupDigestsRepository } from './lookup-digests.repository';

const BATCH = 500;
const PAUSE_MS = 250;
/** A run ends before the next one starts. */
const RUN_MS = 45 * SECOND;
/** How long a sign-in that has not seen the switch may still take. */
const LAG_SECONDS = 60;

/** What a step did. */
interface Progress {
  readonly done: number;
  /** Whether the run has no more to do. */
  readonly isEnd: boolean;
}

/**
 * Writes digests of usernames while the look-up is switched on, and deletes them when it is off. When all are written, a pass a
 * day finds what a replica of an older version has left out.
 */
@Injectable()
@Recurring({
  name: 'lookup-upkeep',
  cron: '* * * * *',
  everyMinutes: 1,
  removes: {
    unit: 'rows',
    retention: {
      'digests for look-ups': 'until the username changes or is cleared, or the look-up is switched off',
    },
  },
})
export class LookupUpkeep {
  constructor(
    private readonly database: Database,
    private readonly installation: InstallationRepository,
    private readonly digests: LookupDigestsRepository,
    private readonly work: LookupDigestWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Small batches, each its own transaction. Goes on where the last run ended.
   * @returns how many digests were deleted
   */
  async run(): Promise<number> {
    const deadline = performance.now() + RUN_MS;
    const deleted = await this.deleteOff(deadline);
    while (performance.now() < deadline) {
      const { done, isEnd } = await this.database.transaction((tx) => this.step(tx));
      if (isEnd) break;
      if (done > 0) await sleep(PAUSE_MS);
    }
    return deleted;
  }

  private async deleteOff(deadline: number): Promise<number> {
    for (let total = 0; ;) {
      const deleted = await this.database.transaction((tx) => this.digests.deleteOff(tx, BATCH));
      total += deleted;
      if (deleted < BATCH || performance.now() >= deadline) return total;
      await sleep(PAUSE_MS);
    }
  }

  /** The lock of the state makes a switch wait, and another run of the job. */
  private async step(tx: EntityManager): Promise<Progress> {
    const state = await this.installation.lock(tx);
    if (!state.usernameLookup || !this.isDue(state)) return { done: 0, isEnd: true };
    const at =
      state.lookupPosition === null ? { ...state, lookupPassAt: this.clock.now(), lookupSkipped: 0 } : state;
    const { position, done, skipped, isEnd } = await this.work.step(tx, {
      after: at.lookupPosition ?? '',
      limit: BATCH,
    });
    const next = { ...at, lookupPosition: position, lookupSkipped: at.lookupSkipped + skipped };
    await this.installation.save(tx, isEnd ? this.ended(next) : next);
    return { done, isEnd };
  }

  /** A pass under way, one until the look-up is complete, and then one a day. */
  private isDue({ lookupPosition, lookupIsComplete, lookupPassAt }: InstallationEntity): boolean {
    if (lookupPosition !== null || !lookupIsComplete || lookupPassAt === null) return true;
    return this.clock.now() >= plusSeconds(lookupPassAt, DAY / SECOND);
  }

  /** Only a pass that began when all sign-ins saw the switch, and that found no identity locked, makes the look-up complete. */
  private ended(state: InstallationEntity): InstallationEntity {
    const { lookupSwitchedAt, lookupPassAt, lookupSkipped, lookupIsComplete } = state;
    const isSeenByAll =
      lookupSwitchedAt !== null &&
      lookupPassAt !== null &&
      lookupPassAt >= plusSeconds(lookupSwitchedAt, LAG_SECONDS) &&
      lookupSkipped === 0;
    return { ...state, lookupPosition: null, lookupIsComplete: lookupIsComplete || isSeenByAll };
  }
}
