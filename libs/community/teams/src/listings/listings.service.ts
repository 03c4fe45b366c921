import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/text';
import { readPage, type Keyset } from '@countersign/http';
import type { ViewingCaller } from '@countersign/account';
import { readNamePrefix } from '../team-fields';
import { TeamAccess } from '../access/team-access';
import { type ListPosition } from '../store/named-list';
import { teamPermissions } from '../team-roles';
import type { ListingsQuery } from './dto/listing.request';
import { ListingResponse, type ListingPage } from './dto/listing.response';
import { listingError } from './listings.errors';
import { LISTING_KEY, stateOf, type Listing } from './store/listing.entity';
import { ListingsRepository, type ListingFilter } from './store/listings.repository';

interface PublishedFilter extends Pick<ListingFilter, 'category' | 'platform' | 'teamId'> {
  /** The beginning of the name, in upper or lower case. */
  readonly name?: string | undefined;
}

@Injectable()
export class ListingsService {
  constructor(
    private readonly database: Database,
    private readonly listings: ListingsRepository,
    private readonly access: TeamAccess,
  ) {}

  /** Lists published listings, and counts them up to 10,000. */
  async listAt(
    filter: PublishedFilter,
    position: ListPosition,
  ): Promise<{ readonly count: number; readonly found: readonly Listing[] }> {
    const wanted = publishedOf(filter);
    return this.database.read((manager) => this.listings.list(manager, wanted).at(manager, position));
  }

  async find(idOrKey: string): Promise<Listing | null> {
    const listing = await this.findAny(idOrKey);
    return listing && stateOf(listing) === 'published' ? listing : null;
  }

  /** Shows members of the requested team all of its listings. */
  async list(caller: ViewingCaller, query: ListingsQuery): Promise<ListingPage> {
    const { category, platform, name } = query;
    const teamId = query.teamId?.toLowerCase();
    const seesAll = teamId !== undefined && (await this.isOfTeam(caller, teamId));
    const filter = publishedOf({ category, platform, name, teamId });
    const wanted = seesAll ? { ...filter, state: undefined } : filter;
    return readPage(query, ListingResponse, (keyset) => this.listInAnyState(wanted, keyset));
  }

  /** Lists the newest listings first for operators, one more than the limit. */
  async listInAnyState(filter: ListingFilter, keyset: Keyset): Promise<readonly Listing[]> {
    return this.database.read((manager) => this.listings.list(manager, filter).after(keyset));
  }

  /** Finds a listing in any state. */
  async getById(idOrKey: string): Promise<Listing> {
    const listing = await this.findAny(idOrKey);
    if (!listing) throw listingError('listing.not_found');
    return listing;
  }

  /** Finds a published listing, or any listing for members of its team. */
  async get(caller: ViewingCaller, idOrKey: string): Promise<Listing> {
    const listing = await this.getById(idOrKey);
    if (stateOf(listing) === 'published') return listing;
    if (listing.teamId !== null && (await this.isOfTeam(caller, listing.teamId))) return listing;
    throw listingError('listing.not_found');
  }

  private async findAny(idOrKey: string): Promise<Listing | null> {
    if (!isUUID(idOrKey) && !LISTING_KEY.test(idOrKey)) return null;
    const by = isUUID(idOrKey) ? { id: idOrKey.toLowerCase() } : { key: idOrKey };
    return this.database.read((manager) => this.listings.find(manager, by));
  }

  private async isOfTeam(caller: ViewingCaller, teamId: string): Promise<boolean> {
    if (caller.userId === null) return false;
    try {
      await this.access.authorise(caller, teamId, teamPermissions.listingRead);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('team.')) return false;
      throw error;
    }
  }
}

function publishedOf({ name, ...filter }: PublishedFilter): ListingFilter {
  return { ...filter, state: 'published', prefix: name === undefined ? undefined : readNamePrefix(name) };
}
