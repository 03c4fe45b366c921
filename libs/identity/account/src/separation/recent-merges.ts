import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DAY } from '@countersign/clock';
import {
  IdentitiesService,
  InstallationRepository,
  type Assurance,
  type UserState,
} from '@countersign/users';
import type { AccountJoinEntity } from './account-join.entity';
import { AccountJoinsRepository } from './account-joins.repository';
import { MergeJournal } from './merge-journal';

interface SeparableMerges {
  /** Of the identities that came by these merges. */
  readonly caps: readonly Assurance[];
  /** The instant, or a later one from which on no merge can be separated. */
  notBefore(eraseAt: Date): Date;
}

/** What came by a merge that can still be separated. */
export interface CameByMerge<State> {
  readonly joinId: string;
  /** Identities of the account that came, which it had for so long that they cannot be separated from it. */
  readonly settledIdentityIds: readonly string[];
  /** What account data recorded of the account that came, see `AccountDataJournal`. */
  readonly state: State;
  readonly separableUntil: Date;
}

/** Merges that can still be separated: what takes away what came by them waits until they cannot. */
@Injectable()
export class RecentMerges {
  constructor(
    private readonly joins: AccountJoinsRepository,
    private readonly journal: MergeJournal,
    private readonly identities: IdentitiesService,
    private readonly installation: InstallationRepository,
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

  /**
   * The caller has locked the user.
   * @param name the name of its journal
   */
  async broughtTo<State>(
    tx: EntityManager,
    userId: string,
    name: string,
  ): Promise<readonly CameByMerge<State>[]> {
    const isSettled = await this.settledBefore(tx);
    return (await this.separableOf(tx, userId)).flatMap((join) => {
      const records = this.journal.read(join);
      const record = records[name];
      const users = records['users']?.loser as UserState | undefined;
      const settled = users?.attachments.filter((row) => isSettled(instantOf(row['attached_at'])));
      const { id: joinId, separableUntil } = join;
      const settledIdentityIds = settled?.map(({ id }) => String(id)) ?? [];
      return record ? [{ state: record.loser as State, joinId, settledIdentityIds, separableUntil }] : [];
    });
  }

  /** @returns when the identity came by a merge or link that can still be separated, and until when it can; null for another one */
  async arrivalOf(
    tx: EntityManager,
    { userId, identityId }: { readonly userId: string; readonly identityId: string },
  ): Promise<{ readonly at: Date; readonly separableUntil: Date } | null> {
    const found = (await this.identities.arrivalsOf(tx, userId)).find(({ id }) => id === identityId);
    if (!found?.attachedAt) return null;
    const { separationDays } = await this.installation.read(tx);
    const separableUntil = new Date(found.attachedAt.getTime() + separationDays * DAY);
    return separableUntil > this.clock.now() ? { at: found.attachedAt, separableUntil } : null;
  }

  /** @returns whether an identity attached at an instant can no longer be separated; null, a founding identity, never can */
  private async settledBefore(tx: EntityManager): Promise<(attachedAt: Date | null) => boolean> {
    const { separationDays } = await this.installation.read(tx);
    const now = this.clock.now().getTime();
    return (attachedAt) => attachedAt === null || attachedAt.getTime() + separationDays * DAY <= now;
  }

  private async separableOf(tx: EntityManager, userId: string): Promise<readonly AccountJoinEntity[]> {
    const now = this.clock.now();
    return (await this.joins.listOf(tx, userId)).filter(({ separableUntil }) => separableUntil > now);
  }
}

/** The instant of a timestamp in a stored row. */
function instantOf(text: unknown): Date | null {
  return typeof text === 'string' ? new Date(text) : null;
}
