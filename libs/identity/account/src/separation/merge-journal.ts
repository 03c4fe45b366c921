import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, DAY } from '@countersign/clock';
import { sealedJson, type AssociatedData, type Sealed } from '@countersign/crypto';
import {
  IdentitiesService,
  nameOf,
  recordRows,
  UserReturning,
  type MergePair,
  type MovedRows,
  type MovedRowsByName,
  SEPARATION_DAYS,
} from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import type { AccountJoinEntity } from './account-join.entity';
import { AccountJoinsRepository } from './account-joins.repository';

/** What a merge moved, and what the account data of each module stored of it by its name. */
export interface JournalRecords {
  readonly rows: MovedRowsByName;
  readonly states: Readonly<Record<string, unknown>>;
}

const sealedJournal = sealedJson<JournalRecords>('account_joins', 'journal');

/** The account that is merged, before anything moves. */
interface BeforeMerge {
  readonly id: string;
  readonly identityIds: readonly string[];
  readonly dataKey: Sealed;
  readonly rows: MovedRowsByName;
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
      rows: await this.rowsOf(tx, pair),
      earlierUntil: earlier.flatMap(({ separableUntil }) => separableUntil ?? []),
    };
  }

  async write(
    tx: EntityManager,
    { survivor, loser }: MergePair,
    { id, identityIds, dataKey, earlierUntil, rows }: BeforeMerge,
    states: JournalRecords['states'],
  ): Promise<void> {
    const joinedAt = this.clock.now();
    const until = [...earlierUntil.map((date) => date.getTime()), joinedAt.getTime() + SEPARATION_DAYS * DAY];
    await this.joins.insert(tx, {
      id,
      userId: survivor.userId,
      survivorId: survivor.userId,
      mergedUserId: loser.userId,
      identityIds,
      dataKey,
      journal: sealedJournal.seal(loser.dataKey, id, { rows, states }),
      joinedAt,
      separableUntil: new Date(Math.max(...until)),
    });
  }

  read({ id, dataKey, journal }: AccountJoinEntity): JournalRecords {
    const key = this.returning.openDataKey(keyAad(id), dataKey);
    return sealedJournal.open(key, id, journal);
  }

  private async rowsOf(tx: EntityManager, pair: MergePair): Promise<MovedRowsByName> {
    const moved: Record<string, MovedRows> = {};
    for (const { owned = [] } of this.accountData.all)
      for (const each of owned) moved[nameOf(each)] = await recordRows(tx, each, pair);
    return moved;
  }
}

/** The associated data of the stored data key of a merged account. */
export function keyAad(id: string): AssociatedData {
  return { table: 'account_joins', column: 'data_key', row: id };
}
