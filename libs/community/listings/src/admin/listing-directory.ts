import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { listingError } from '../listings.errors';
import type { Listing } from '../store/listing.entity';
import { ListingsRepository, type ListingFilter } from '../store/listings.repository';

/** Listings in every state, for operators. */
@Injectable()
export class ListingDirectory {
  constructor(
    private readonly database: Database,
    private readonly listings: ListingsRepository,
  ) {}

  /** Newest first: one more than the limit. */
  async list(filter: ListingFilter, keyset: Keyset): Promise<readonly Listing[]> {
    return this.database.read((manager) => this.listings.list(manager, filter, keyset));
  }

  /** @throws AppError listing.not_found */
  async get(id: string): Promise<Listing> {
    const listing = await this.database.read((manager) => this.listings.find(manager, { id }));
    if (!listing) throw listingError('listing.not_found');
    return listing;
  }
}
