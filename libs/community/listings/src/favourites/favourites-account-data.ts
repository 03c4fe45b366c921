import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type OwnedRows,
  type Reading,
} from '@countersign/users';
import { FavouritesRepository } from './favourites.repository';

/** Favourites as data of an account. */
@Injectable()
@HasAccountData('others')
export class FavouritesAccountData implements AccountData {
  /** The survivor has the favourites of both, also where they are more than a person can mark. */
  readonly owned: readonly OwnedRows[] = [
    {
      ...{ table: 'favourites', key: ['application_id', 'listing_id'], isUnique: true },
      of: ['listings', 'listing_id'],
    },
  ];

  constructor(private readonly favourites: FavouritesRepository) {}

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
