import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertJsonRows, jsonRows, restoreJsonRows, type JsonRow } from '@countersign/database';
import { FavouriteEntity } from '../store/favourite.entity';

type FavouriteId = Pick<FavouriteEntity, 'userId' | 'applicationId' | 'listingId'>;

@Injectable()
export class FavouritesRepository {
  async has(manager: EntityManager, favourite: FavouriteId): Promise<boolean> {
    return manager.existsBy(FavouriteEntity, favourite);
  }

  async count(manager: EntityManager, of: Pick<FavouriteId, 'userId' | 'applicationId'>): Promise<number> {
    return manager.countBy(FavouriteEntity, of);
  }

  async insert(tx: EntityManager, favourite: FavouriteEntity): Promise<void> {
    await tx.insert(FavouriteEntity, favourite);
  }

  async delete(tx: EntityManager, which: Partial<FavouriteId>): Promise<void> {
    await tx.delete(FavouriteEntity, which);
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly FavouriteEntity[]> {
    return manager.find(FavouriteEntity, {
      where: { userId },
      order: { applicationId: 'ASC', listingId: 'ASC' },
    });
  }

  async recall(manager: EntityManager, userId: string): Promise<readonly JsonRow[]> {
    return jsonRows(manager, 'favourites', 'user_id = $1', userId);
  }

  /** Of the same listing in the same application one favourite stays. */
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    const rows = await this.recall(tx, loserId);
    await insertJsonRows(
      tx,
      'favourites',
      rows.map((row) => ({ ...row, user_id: survivorId })),
    );
    await this.delete(tx, { userId: loserId });
  }

  /** Gives back those that the survivor still has. What the survivor had before the merge stays with it. */
  async giveBack(
    tx: EntityManager,
    survivorId: string,
    lost: readonly JsonRow[],
    former: readonly JsonRow[],
  ): Promise<void> {
    const current = new Set((await this.recall(tx, survivorId)).map(listingOf));
    const own = new Set(former.map(listingOf));
    const before = lost.filter((row) => current.has(listingOf(row)));
    const after = before
      .filter((row) => !own.has(listingOf(row)))
      .map(({ application_id, listing_id }) => ({ application_id, listing_id }));
    await restoreJsonRows(
      tx,
      { table: 'favourites', column: 'user_id', value: survivorId },
      { before, after },
    );
  }
}

/** What the favourite is of, apart from its person. */
function listingOf(row: JsonRow): string {
  return `${String(row['application_id'])} ${String(row['listing_id'])}`;
}
