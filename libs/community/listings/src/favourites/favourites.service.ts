import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { listingError } from '../listings.errors';
import { stateOf, type Listing } from '../store/listing.entity';
import { ListingsRepository } from '../store/listings.repository';
import { FavouritesRepository } from './favourites.repository';

/** The favourites of a person in one application. */
const MAX_FAVOURITES = 500;

/** A person in one application. */
interface PersonHere {
  readonly userId: string;
  readonly applicationId: string;
}

/** Listings that people marked: what a person marks in one application no other application sees. */
@Injectable()
export class FavouritesService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly listings: ListingsRepository,
    private readonly favourites: FavouritesRepository,
    private readonly clock: Clock,
  ) {}

  /** Those that are published, the newest listing first. */
  async list({ userId, applicationId }: PersonHere, query: PageQuery): Promise<Page<Listing>> {
    const keyset = toKeyset(query);
    const filter = { state: 'published', favouriteOf: { userId, applicationId } } as const;
    const found = await this.database.read((manager) => this.listings.list(manager, filter, keyset));
    return toPage(
      found,
      keyset.limit,
      ({ id }) => id,
      (listing) => listing,
    );
  }

  /** @throws AppError listing.not_found for one that is not published, listing.too_many_favourites, user.not_found */
  async add({ userId, applicationId }: PersonHere, listingId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const listing = await this.listings.find(tx, { id: listingId });
      if (!listing || stateOf(listing) !== 'published') throw listingError('listing.not_found');
      const favourite = { userId, applicationId, listingId };
      if (await this.favourites.has(tx, favourite)) return;
      if ((await this.favourites.count(tx, { userId, applicationId })) >= MAX_FAVOURITES)
        throw listingError('listing.too_many_favourites');
      await this.favourites.insert(tx, { ...favourite, createdAt: this.clock.now() });
    });
  }

  /** @throws AppError user.not_found */
  async remove({ userId, applicationId }: PersonHere, listingId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      await this.favourites.delete(tx, { userId, applicationId, listingId });
    });
  }
}
