import { Injectable } from '@nestjs/common';
import { ArrayContains, MoreThan, type EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import {
  HasAccountData,
  IdentitiesService,
  type AccountData,
  type Assurance,
  type ExportedRows,
  type OwnedRows,
} from '@countersign/users';
import { AccountJoinEntity } from './account-join.entity';

/** Finds the merges that can still be separated. An erasure of the account waits until none can. */
@Injectable()
@HasAccountData('others')
export class RecentMerges implements AccountData {
  readonly owned: readonly OwnedRows[] = [{ table: 'account_joins', key: ['id'], erase: 'delete' }];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'joins',
      meaning:
        'Merges that can be separated again: with a sealed copy of what each moved, which the other sections have.',
      retention: 'Until the merge is separated, or can no longer be.',
      sql: `SELECT id AS cursor, id AS join_id, merged_user_id, identity_ids, joined_at, separable_until
        FROM account_joins WHERE user_id = $1`,
    },
  ];

  constructor(
    private readonly identities: IdentitiesService,
    private readonly clock: Clock,
  ) {}

  /**
   * `caps` are the caps of the identities that came by these merges. `notBefore` returns `eraseAt`, or the later time
   * at which no merge can be separated any more.
   */
  async of(
    tx: EntityManager,
    userId: string,
  ): Promise<{ readonly caps: readonly Assurance[]; notBefore(eraseAt: Date): Date }> {
    const joins = await this.separableOf(tx, userId);
    const ids = new Set(joins.flatMap(({ identityIds }) => identityIds));
    const own = await this.identities.listOf(tx, userId);
    return {
      caps: own.filter(({ id }) => ids.has(id)).map(({ cap }) => cap),
      notBefore: (eraseAt) =>
        new Date(Math.max(eraseAt.getTime(), ...joins.map(({ separableUntil }) => separableUntil.getTime()))),
    };
  }

  /** @returns when the identity came by a join that can still be separated, and until when; otherwise null */
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
  async separableOf(manager: EntityManager, userId: string): Promise<readonly AccountJoinEntity[]> {
    const where = { userId, separableUntil: MoreThan(this.clock.now()) };
    return manager.find(AccountJoinEntity, { where, order: { id: 'DESC' } });
  }

  async findMergeOf(manager: EntityManager, identityId: string): Promise<AccountJoinEntity | null> {
    const where = { identityIds: ArrayContains([identityId]), separableUntil: MoreThan(this.clock.now()) };
    return manager.findOne(AccountJoinEntity, { where, order: { id: 'DESC' } });
  }
}
