import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, personActor } from '@countersign/audit';
import { Clock, DAY } from '@countersign/runtime';
import {
  AccountEvents,
  erasurePending,
  Erasures,
  IdentitiesService,
  moveRows,
  nameOf,
  recordRows,
  SEPARATION_DAYS,
  UserMerging,
  userError,
  weakestOf,
  type Assurance,
  type MergePair,
  type MovedRows,
} from '@countersign/users';
import { accountError } from './account.errors';
import { AccountDataOfModules } from './account-data-of-modules';
import { AccountJoinEntity, keyAad, sealedJournal } from './separation/account-join.entity';
import { RecentMerges } from './separation/recent-merges';
import { accountEvents } from './account.feature';

declare const isMergeable: unique symbol;

/** A pair that `assertMergeable` has checked. */
type MergeablePair = MergePair & { readonly [isMergeable]: true };

export interface Merger {
  readonly applicationId: string;
  /** The weakest assurance involved: the cap of what is attached. */
  readonly together: Assurance;
  /** The bots behind this assurance, as `provider/environment/id`. */
  readonly bots: readonly string[];
  readonly details: Readonly<Record<string, string>>;
}

@Injectable()
export class MergeService {
  constructor(
    private readonly merging: UserMerging,
    private readonly erasures: Erasures,
    private readonly accountData: AccountDataOfModules,
    private readonly identities: IdentitiesService,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly recent: RecentMerges,
    private readonly clock: Clock,
  ) {}

  /** Moves everything of the loser to the survivor. */
  async absorb(tx: EntityManager, pair: MergeablePair, merger: Merger): Promise<void> {
    const { applicationId, together, bots, details } = merger;
    const moved = await this.identities.listOf(tx, pair.loser.userId);
    const ended = await this.move(tx, pair);
    for (const { id, cap } of moved)
      await this.identities.attach(tx, pair.survivor, id, {
        by: 'merge',
        cap: weakestOf(cap, together),
        bots,
      });
    const { userId: mergedUserId } = pair.loser;
    const { userId } = pair.survivor;
    await this.audit.record(tx, accountEvents.userMerged, {
      actor: personActor(pair.survivor.auditPseudonym),
      applicationId,
      subject: personActor(pair.loser.auditPseudonym),
      details: { ...details, endedSessions: String(ended.length) },
      event: { userId, mergedUserId },
      applicationIds: this.events.of(userId),
    });
  }

  async assertMergeable(tx: EntityManager, pair: MergePair): Promise<MergeablePair> {
    const { survivor, loser } = pair;
    if (loser.status !== 'active' || survivor.status !== 'active') throw userError('user.deactivated');
    for (const { userId, isClosed } of [survivor, loser]) {
      const pending = isClosed ? await this.erasures.find(userId, tx) : null;
      if (pending) throw erasurePending(pending);
    }
    // Another person may have asked for the merge. The lock of the account prevents new objections meanwhile.
    if ((await this.accountData.objectionsTo('join', tx, loser.userId)).length > 0)
      throw accountError('account.cannot_join');
    return pair as MergeablePair;
  }

  /** Counts the rows: if one is lost or duplicated, the transaction fails. Records the move for a later separation. */
  private async move(tx: EntityManager, pair: MergePair): Promise<readonly string[]> {
    const { survivor, loser } = pair;
    await this.accountData.lock(tx, [survivor, loser]);
    const before = await this.accountData.inventory(tx, [survivor.userId, loser.userId]);
    const join = await this.joinOf(tx, pair);
    const rows: Record<string, MovedRows> = {};
    for (const { owned = [] } of this.accountData.all)
      for (const each of owned) rows[nameOf(each)] = await recordRows(tx, each, pair);
    const ended: string[] = [];
    const states: Record<string, unknown> = {};
    for (const data of this.accountData.all) {
      const merged = await data.merge?.(tx, pair);
      ended.push(...(merged?.ended ?? []));
      if (data.name !== undefined) states[data.name] = merged?.state;
      for (const each of data.owned ?? []) await moveRows(tx, each, pair);
      await data.merged?.(tx, pair);
    }
    await this.merging.finish(tx, pair, this.clock.now());
    const after = await this.accountData.inventory(tx, [survivor.userId]);
    if (!isDeepStrictEqual(before, after)) throw new Error('the inventory of a merge does not add up');
    const journal = sealedJournal.seal(loser.dataKey, join.id, { rows, states });
    await tx.insert(AccountJoinEntity, { ...join, journal });
    return ended;
  }

  private async joinOf(
    tx: EntityManager,
    { survivor: { userId }, loser }: MergePair,
  ): Promise<Omit<AccountJoinEntity, 'journal'>> {
    const { userId: mergedUserId } = loser;
    const [id, joinedAt] = [uuidv7(), this.clock.now()];
    const identities = await this.identities.arrivalsOf(tx, mergedUserId);
    const earlier = [...identities, ...(await this.recent.separableOf(tx, mergedUserId))];
    // Lasts as long as the loser's earlier merges and links, because they depend on it.
    const until = earlier.map(({ separableUntil }) => separableUntil?.getTime() ?? 0);
    return {
      id,
      userId,
      survivorId: userId,
      mergedUserId,
      identityIds: identities.map((identity) => identity.id),
      dataKey: await this.merging.rewrapDataKey(tx, loser, keyAad(id)),
      joinedAt,
      separableUntil: new Date(Math.max(...until, joinedAt.getTime() + SEPARATION_DAYS * DAY)),
    };
  }
}
