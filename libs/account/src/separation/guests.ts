import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { IdentitiesService, type Assurance, type Erasure } from '@countersign/users';
import { AccountJoinsRepository } from './account-joins.repository';

/** The identities of an account that can still separate the merge by which they came. */
interface FoundGuests {
  readonly caps: readonly Assurance[];
  /** Not before they can no longer. */
  putOff(erasure: Erasure): Erasure;
}

/** What an erasure must leave to people whose accounts were merged a few days ago. */
@Injectable()
export class Guests {
  constructor(
    private readonly joins: AccountJoinsRepository,
    private readonly identities: IdentitiesService,
    private readonly clock: Clock,
  ) {}

  async guestsOf(tx: EntityManager, userId: string): Promise<FoundGuests> {
    const now = this.clock.now();
    const joins = (await this.joins.listOf(tx, userId)).filter(({ separableUntil }) => separableUntil > now);
    const ids = new Set(joins.flatMap(({ identityIds }) => identityIds));
    const own = await this.identities.listOf(tx, userId);
    return {
      caps: own.filter(({ id }) => ids.has(id)).map(({ cap }) => cap),
      putOff: (erasure) => {
        const latest = Math.max(
          erasure.eraseAt.getTime(),
          ...joins.map(({ separableUntil }) => separableUntil.getTime()),
        );
        return { ...erasure, eraseAt: new Date(latest) };
      },
    };
  }
}
