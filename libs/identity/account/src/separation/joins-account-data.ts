import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type MergeRecord,
  type MergeSide,
  type AccountDataJournal,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { AccountJoinsRepository } from './account-joins.repository';

/** Earlier merges of an account that is merged or returns. */
@Injectable()
export class JoinsJournal implements AccountDataJournal<readonly string[]> {
  readonly name = 'joins';

  constructor(private readonly joins: AccountJoinsRepository) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<readonly string[]> {
    return (await this.joins.listOf(tx, userId)).map(({ id }) => id);
  }

  async giveBack(
    tx: EntityManager,
    { survivor, returning }: ReturnPair,
    { loser }: MergeRecord<readonly string[]>,
  ): Promise<Returned> {
    await this.joins.give(tx, loser, survivor.userId, returning.userId);
    return {};
  }
}

/** The journal of merges as data of an account. */
@Injectable()
@HasAccountData('others')
export class JoinsAccountData implements AccountData {
  constructor(
    readonly journal: JoinsJournal,
    private readonly joins: AccountJoinsRepository,
  ) {}

  /** @returns no sessions: none ends */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    const ids = (await this.joins.listOf(tx, loser.userId)).map(({ id }) => id);
    await this.joins.give(tx, ids, loser.userId, survivor.userId);
    return [];
  }

  /** Nothing: the row of a separated merge is deleted. */
  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.joins.deleteOf(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'joins',
        meaning:
          'Merges that can be separated again: with a sealed copy of what each moved, which the other sections have.',
        retention: 'Until the merge is separated, or can no longer be.',
        items: this.exported(read, person),
      },
    ];
  }

  private async *exported(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    for (const join of await read((manager) => this.joins.listOf(manager, userId)))
      yield {
        joinId: join.id,
        mergedUserId: join.mergedUserId,
        identityIds: join.identityIds,
        joinedAt: join.joinedAt.toISOString(),
        separableUntil: join.separableUntil.toISOString(),
      };
  }
}
