import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { JsonRow } from '@countersign/database';
import {
  HasAccountData,
  type AccountData,
  type AccountDataJournal,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type MergeRecord,
  type MergeSide,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { FavouritesRepository } from './favourites.repository';

/** What merges change of favourites. */
@Injectable()
export class FavouritesJournal implements AccountDataJournal<readonly JsonRow[]> {
  readonly name = 'favourites';

  constructor(private readonly favourites: FavouritesRepository) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<readonly JsonRow[]> {
    return this.favourites.recall(tx, userId);
  }

  async giveBack(
    tx: EntityManager,
    { survivor }: ReturnPair,
    { loser, survivor: before }: MergeRecord<readonly JsonRow[]>,
  ): Promise<Returned> {
    await this.favourites.giveBack(tx, survivor.userId, loser, before);
    return {};
  }
}

/** Favourites as data of an account. */
@Injectable()
@HasAccountData('others')
export class FavouritesAccountData implements AccountData {
  constructor(
    readonly journal: FavouritesJournal,
    private readonly favourites: FavouritesRepository,
  ) {}

  /** The survivor has the favourites of both, also where they are more than a person can mark. @returns no sessions */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    await this.favourites.merge(tx, loser.userId, survivor.userId);
    return [];
  }

  /** Nothing: a merge combines favourites of the same listing. */
  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.favourites.delete(tx, { userId });
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'favourites',
        meaning: 'The listings that the person marked as favourites, in each application.',
        retention: 'Until the person removes them or the account is erased.',
        items: this.items(read, person),
      },
    ];
  }

  private async *items(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    const all = await read((manager) => this.favourites.listOf(manager, userId));
    for (const { applicationId, listingId, createdAt } of all) {
      yield { applicationId, listingId, createdAt: createdAt.toISOString() };
    }
  }
}
