import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
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
}
