import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { readPage, type PageQuery } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { ListingResponse, type ListingPage } from '../dto/listing.response';
import { listingError } from '../listings.errors';
import { FavouriteEntity, stateOf } from '../store/listing.entity';
import { ListingsRepository } from '../store/listings.repository';

const MAX_FAVOURITES = 500;

type PersonHere = Pick<Principal, 'userId' | 'applicationId'>;

/** Each application sees only the favourites that its people mark in it. */
@Injectable()
export class FavouritesService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly listings: ListingsRepository,
    private readonly clock: Clock,
  ) {}

  /** Lists published favourites, the newest listing first. */
  async list({ userId, applicationId }: PersonHere, query: PageQuery): Promise<ListingPage> {
    const filter = { state: 'published', favouriteOf: { userId, applicationId } } as const;
    return readPage(query, ListingResponse, (keyset) =>
      this.database.read((manager) => this.listings.list(manager, filter).after(keyset)),
    );
  }

  async add({ userId, applicationId }: PersonHere, listingId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const listing = await this.listings.find(tx, { id: listingId });
      if (!listing || stateOf(listing) !== 'published') throw listingError('listing.not_found');
      const favourite = { userId, applicationId, listingId };
      if (await tx.existsBy(FavouriteEntity, favourite)) return;
      if ((await tx.countBy(FavouriteEntity, { userId, applicationId })) >= MAX_FAVOURITES)
        throw listingError('listing.too_many_favourites');
      await tx.insert(FavouriteEntity, { ...favourite, createdAt: this.clock.now() });
    });
  }

  async remove({ userId, applicationId }: PersonHere, listingId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      await tx.delete(FavouriteEntity, { userId, applicationId, listingId });
    });
  }
}
