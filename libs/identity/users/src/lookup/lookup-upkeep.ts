import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, plusSeconds, SECOND } from '@countersign/runtime';
import { Database, Recurring } from '@countersign/database';
import { LookupDigestWork } from '../digests/identity-digest-work';
import { Installation } from '../installation';
import { LookupDigestsRepository } from './lookup-digests.repository';

const BATCH = 500;
const PAUSE_MS = 250;
/** A run ends before the next one starts. */
const RUN_MS = 45 * SECOND;
/** How long a sign-in that has not seen the switch may still take. */
const LAG_SECONDS = 60;

@Injectable()
@Recurring({
  name: 'lookup-upkeep',
  cron: '* * * * *',
  everyMinutes: 1,
  removes: {
    'digests for look-ups': 'until the username changes or is cleared, or the look-up is switched off',
  },
})
export class LookupUpkeep {
  constructor(
    private readonly database: Database,
    private readonly installation: Installation,
    private readonly digests: LookupDigestsRepository,
    private readonly work: LookupDigestWork,
    private readonly clock: Clock,
  ) {}

  /** Continues where the last run ended. @returns how many digests were deleted */
  async run(): Promise<number> {
    const deadline = performance.now() + RUN_MS;
    let deleted = 0;
    while (performance.now() < deadline) {
      const batch = await this.database.transaction((tx) => this.step(tx));
      if (batch === null) break;
      deleted += batch;
      await sleep(PAUSE_MS);
    }
    return deleted;
  }

  /** The lock makes switches and other runs wait. @returns how many digests were deleted; null ends the run */
  private async step(tx: EntityManager): Promise<number | null> {
    const { usernameLookup, lookupSwitchedAt, lookupPosition } = await this.installation.lock(tx);
    if (!usernameLookup) return (await this.digests.deleteOff(tx, BATCH)) || null;
    const isSeenByAll =
      lookupSwitchedAt !== null && this.clock.now() >= plusSeconds(lookupSwitchedAt, LAG_SECONDS);
    if (lookupPosition === null || !isSeenByAll) return null;
    const { position, skipped, isEnd } = await this.work.step(tx, { after: lookupPosition, limit: BATCH });
    if (skipped > 0) return null;
    await this.installation.save(tx, { lookupPosition: isEnd ? null : position });
    return isEnd ? null : 0;
  }
}
