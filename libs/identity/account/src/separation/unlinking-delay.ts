import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, HOUR } from '@countersign/clock';
import { IdentitiesService, type OwnIdentity } from '@countersign/users';
import { AccountJoinsRepository } from './account-joins.repository';

const UNLINKING_HOURS = 72;

/** Computes when an unlinked identity leaves its account. */
@Injectable()
export class UnlinkingDelay {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly joins: AccountJoinsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * A founding or recently attached identity may belong to the victim of a takeover, so it leaves after 72 hours. One that came
   * by a merge stays as long as its person can separate the merge, which needs it.
   * @returns null for one that leaves at once
   */
  async until(tx: EntityManager, { id, isFounding }: OwnIdentity): Promise<Date | null> {
    const now = this.clock.now();
    const separableUntil = await this.identities.separableUntil(tx, id);
    const isFresh = separableUntil !== null && separableUntil > now;
    const merge = await this.joins.findOfIdentity(tx, id, now);
    if (!isFounding && !isFresh && !merge) return null;
    const least = now.getTime() + UNLINKING_HOURS * HOUR;
    return new Date(Math.max(least, merge?.separableUntil.getTime() ?? 0));
  }
}
