import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DAY, plusSeconds, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { LookupDigestWork } from './lookup-digest-work';
import { LookupDigestsRepository } from './lookup-digests.repository';
import { lookupFields, type LookupField } from './lookup-field';
import type { LookupFieldEntity } from './lookup.entity';
import { LookupStatesRepository } from './lookup-states.repository';

const BATCH = 500;
const PAUSE_MS = 250;
/** A run ends before the next one starts. */
const RUN_MS = 45 * SECOND;
/** How long a sign-in that has not seen the switch may still take. */
const LAG_SECONDS = 60;

/** What a step did. */
interface Progress {
  readonly done: number;
  /** Whether the run has no more to do for the field. */
  readonly isEnd: boolean;
}

/**
 * Writes digests of looked-up fields that were switched on, and deletes those of fields that are off. When a field is
 * complete, a pass a day finds what a replica of an older version has left out.
 */
@Injectable()
@Recurring({
  name: 'lookup-upkeep',
  cron: '* * * * *',
  everyMinutes: 1,
  removes: {
    unit: 'rows',
    retention: {
      'digests for look-ups': 'until the value changes or is cleared, or its look-up is switched off',
    },
  },
})
export class LookupUpkeep {
  constructor(
    private readonly database: Database,
    private readonly states: LookupStatesRepository,
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
    for (const field of lookupFields)
      while (performance.now() < deadline) {
        const { done, isEnd } = await this.database.transaction((tx) => this.step(tx, field));
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
  private async step(tx: EntityManager, field: LookupField): Promise<Progress> {
    const state = await this.states.lock(tx, field);
    if (!state?.isOn || !this.isDue(state)) return { done: 0, isEnd: true };
    const at = state.position === null ? this.newPass(state) : state;
    const { position, done, skipped, isEnd } = await this.work.step(tx, {
      after: at.position ?? '',
      limit: BATCH,
    });
    const next = { ...at, position, skipped: at.skipped + skipped };
    await this.states.save(tx, isEnd ? this.ended(next) : next);
    return { done, isEnd };
  }

  /** A pass under way, one until the field is complete, and then one a day. */
  private isDue({ position, isComplete, passStartedAt }: LookupFieldEntity): boolean {
    if (position !== null || !isComplete || passStartedAt === null) return true;
    return this.clock.now() >= plusSeconds(passStartedAt, DAY / SECOND);
  }

  private newPass(state: LookupFieldEntity): LookupFieldEntity {
    return { ...state, passStartedAt: this.clock.now(), position: null, skipped: 0 };
  }

  /** Only a pass that began when all sign-ins saw the switch, and that found no identity locked, makes the field complete. */
  private ended(state: LookupFieldEntity): LookupFieldEntity {
    const { switchedAt, passStartedAt, skipped, isComplete } = state;
    const isSettled =
      switchedAt !== null &&
      passStartedAt !== null &&
      passStartedAt >= plusSeconds(switchedAt, LAG_SECONDS) &&
      skipped === 0;
    return { ...state, position: null, isComplete: isComplete || isSettled };
  }
}
