import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { IdentitiesService, type Assurance } from '@countersign/users';
import type { AccountJoinEntity } from './account-join.entity';
import { AccountJoinsRepository } from './account-joins.repository';

interface SeparableMerges {
  /** Of the identities that came by these merges. */
  readonly caps: readonly Assurance[];
  /** The instant, or a later one from which on no merge can be separated. */
  notBefore(eraseAt: Date): Date;
}

/** Merges that can still be separated: what takes away what came by them waits until they cannot. */
@Injectable()
export class RecentMerges {
  constructor(
    private readonly joins: AccountJoinsRepository,
    private readonly identities: IdentitiesService,
    private readonly clock: Clock,
  ) {}

  async of(tx: EntityManager, userId: string): Promise<SeparableMerges> {
    const joins = await this.separableOf(tx, userId);
    const ids = new Set(joins.flatMap(({ identityIds }) => identityIds));
    const own = await this.identities.listOf(tx, userId);
    return {
      caps: own.filter(({ id }) => ids.has(id)).map(({ cap }) => cap),
      notBefore: (eraseAt) =>
        new Date(Math.max(eraseAt.getTime(), ...joins.map(({ separableUntil }) => separableUntil.getTime()))),
    };
  }

  /** @returns when the identity came by a merge or link that can still be separated, and until when it can; null for another one */
  async arrivalOf(
    tx: EntityManager,
    { userId, identityId }: { readonly userId: string; readonly identityId: string },
  ): Promise<{ readonly at: Date; readonly separableUntil: Date } | null> {
    const found = (await this.identities.arrivalsOf(tx, userId)).find(({ id }) => id === identityId);
    if (!found?.attachedAt) return null;
    const merges = (await this.separableOf(tx, userId)).filter((join) =>
      join.identityIds.includes(identityId),
    );
    const instants = [found, ...merges].map(({ separableUntil }) => separableUntil?.getTime() ?? 0);
    const separableUntil = new Date(Math.max(...instants));
    return separableUntil > this.clock.now() ? { at: found.attachedAt, separableUntil } : null;
  }

  /** Newest first. */
  private async separableOf(tx: EntityManager, userId: string): Promise<readonly AccountJoinEntity[]> {
    const now = this.clock.now();
    return (await this.joins.listOf(tx, userId)).filter(({ separableUntil }) => separableUntil > now);
  }
}
