import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, DAY } from '@countersign/clock';
import { sealedJson, type AssociatedData, type Sealed } from '@countersign/crypto';
import {
  IdentitiesService,
  InstallationRepository,
  UserReturning,
  type MergePair,
  type MergeRecord,
} from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import type { AccountJoinEntity } from './account-join.entity';
import { AccountJoinsRepository } from './account-joins.repository';

type States = Readonly<Record<string, unknown>>;

/** What the account data of each module recorded of a merge. */
export type JournalRecords = Readonly<Record<string, MergeRecord<unknown> | undefined>>;

const sealedJournal = sealedJson<JournalRecords>('account_joins', 'journal');

/** Both accounts before a merge. */
interface BeforeMerge {
  readonly id: string;
  readonly identityIds: readonly string[];
  readonly dataKey: Sealed;
  readonly loser: States;
  readonly survivor: States;
  /** How long earlier merges and links of the loser can be separated: this one can be as long, since they depend on it. */
  readonly earlierUntil: readonly Date[];
}

/** Records merges, so that they can be separated again. */
@Injectable()
export class MergeJournal {
  constructor(
    private readonly joins: AccountJoinsRepository,
    private readonly accountData: AccountDataOfModules,
    private readonly identities: IdentitiesService,
    private readonly returning: UserReturning,
    private readonly installation: InstallationRepository,
    private readonly clock: Clock,
  ) {}

  /** Call it before a merge changes anything, and `write` afterwards. */
  async prepare(tx: EntityManager, pair: MergePair): Promise<BeforeMerge> {
    const id = uuidv7();
    const { userId } = pair.loser;
    const identities = await this.identities.arrivalsOf(tx, userId);
    const earlier = [...identities, ...(await this.joins.listOf(tx, userId))];
    return {
      id,
      identityIds: identities.map((identity) => identity.id),
      dataKey: await this.returning.rewrapDataKey(tx, userId, keyAad(id)),
      loser: await this.recall(tx, pair.loser),
      survivor: await this.recall(tx, pair.survivor),
      earlierUntil: earlier.flatMap(({ separableUntil }) => separableUntil ?? []),
    };
  }

  async write(tx: EntityManager, { survivor, loser }: MergePair, before: BeforeMerge): Promise<void> {
    const { id, identityIds, dataKey, earlierUntil } = before;
    const merged = await this.recall(tx, survivor);
    const records = Object.fromEntries(
      Object.keys(merged).map((name) => [
        name,
        { loser: before.loser[name], survivor: before.survivor[name], merged: merged[name] },
      ]),
    );
    const joinedAt = this.clock.now();
    const { separationDays } = await this.installation.read(tx);
    const until = [...earlierUntil.map((date) => date.getTime()), joinedAt.getTime() + separationDays * DAY];
    await this.joins.insert(tx, {
      id,
      userId: survivor.userId,
      survivorId: survivor.userId,
      mergedUserId: loser.userId,
      identityIds,
      dataKey,
      journal: sealedJournal.seal(loser.dataKey, id, records),
      joinedAt,
      separableUntil: new Date(Math.max(...until)),
    });
  }

  read({ id, dataKey, journal }: AccountJoinEntity): JournalRecords {
    const key = this.returning.openDataKey(keyAad(id), dataKey);
    return sealedJournal.open(key, id, journal);
  }

  private async recall(tx: EntityManager, side: MergePair['loser']): Promise<States> {
    const states: [string, unknown][] = [];
    for (const { journal } of this.accountData.all)
      if (journal) states.push([journal.name, await journal.recall(tx, side)]);
    return Object.fromEntries(states);
  }
}

/** The associated data of the stored data key of a merged account. */
export function keyAad(id: string): AssociatedData {
  return { table: 'account_joins', column: 'data_key', row: id };
}
