import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { IdentitiesService, type Assurance } from '@countersign/users';
import { AccountJoinsRepository } from './account-joins.repository';

interface SeparableMerges {
  /** Of the identities that came by these merges. */
  readonly caps: readonly Assurance[];
  /** The instant, or a later one from which on no merge can be separated. */
  notBefore(eraseAt: Date): Date;
}

/** Merges that can still be separated: an erasure of the account waits until they cannot. */
@Injectable()
export class RecentMerges {
  constructor(
    private readonly joins: AccountJoinsRepository,
    private readonly identities: IdentitiesService,
    private readonly clock: Clock,
  ) {}

  async of(tx: EntityManager, userId: string): Promise<SeparableMerges> {
    const now = this.clock.now();
    const joins = (await this.joins.listOf(tx, userId)).filter(({ separableUntil }) => separableUntil > now);
    const ids = new Set(joins.flatMap(({ identityIds }) => identityIds));
    const own = await this.identities.listOf(tx, userId);
    return {
      caps: own.filter(({ id }) => ids.has(id)).map(({ cap }) => cap),
      notBefore: (eraseAt) =>
        new Date(Math.max(eraseAt.getTime(), ...joins.map(({ separableUntil }) => separableUntil.getTime()))),
    };
  }
}
