import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { countUpTo } from '@countersign/admin';
import { invalidCursor, type Keyset } from '@countersign/http';
import type { ListPosition } from '@countersign/teams';
import {
  FavouriteEntity,
  ListingEntity,
  type Listing,
  type ListingPlatform,
  type ListingState,
} from './listing.entity';

/** Which listings are wanted. All filters can be combined. */
export interface ListingFilter {
  /** The key of the beginning of a name, see `foldTeamName`. The list is by name then. */
  readonly prefix?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly category?: string | undefined;
  readonly platform?: ListingPlatform | undefined;
  readonly state?: ListingState | undefined;
  /** Favourites of this person in this application. */
  readonly favouriteOf?: { readonly userId: string; readonly applicationId: string } | undefined;
}

/** The last code point: keys that begin with a prefix sort before the prefix followed by it. */
const LAST = '\u{10ffff}';

@Injectable()
export class ListingsRepository {
  async find(
    manager: EntityManager,
    by: Partial<Pick<ListingEntity, 'id' | 'key'>>,
  ): Promise<Listing | null> {
    return (await withTeam(manager).where(by).getOne()) as Listing | null;
  }

  /** Newest first, or by name where a name is searched: one more than the limit. @throws AppError request.invalid */
  async list(
    manager: EntityManager,
    filter: ListingFilter,
    { afterId, limit }: Keyset,
  ): Promise<readonly Listing[]> {
    const query = filtered(withTeam(manager), filter).limit(limit + 1);
    if (filter.prefix === undefined) {
      if (afterId !== null) query.andWhere('listing.id < :afterId', { afterId });
      query.orderBy('listing.id', 'DESC');
    } else {
      query.orderBy('listing.nameKey', 'ASC');
      if (afterId !== null)
        query.andWhere('listing.nameKey > :after', { after: await this.nameKeyOf(manager, filter, afterId) });
    }
    return (await query.getMany()) as Listing[];
  }

  async listAt(
    manager: EntityManager,
    filter: ListingFilter,
    { skip, limit, isOldestFirst }: ListPosition,
  ): Promise<readonly Listing[]> {
    const query = filtered(withTeam(manager), filter).offset(skip).limit(limit);
    if (filter.prefix !== undefined) query.orderBy('listing.nameKey', 'ASC');
    else query.orderBy('listing.id', isOldestFirst ? 'ASC' : 'DESC');
    return (await query.getMany()) as Listing[];
  }

  async count(manager: EntityManager, filter: ListingFilter): Promise<number> {
    const query = filtered(manager.createQueryBuilder(ListingEntity, 'listing'), filter);
    const [statement, parameters] = query.select('listing.id', 'id').getQueryAndParameters();
    return countUpTo(manager, `FROM (${statement}) AS found`, parameters);
  }

  /** A caller can make a cursor up: the name of a listing that the list does not have stays unknown. */
  private async nameKeyOf(manager: EntityManager, filter: ListingFilter, id: string): Promise<string> {
    const query = filtered(manager.createQueryBuilder(ListingEntity, 'listing'), filter);
    const last = await query.andWhere('listing.id = :id', { id }).getOne();
    if (!last) throw invalidCursor();
    return last.nameKey;
  }
}

type ListingQuery = SelectQueryBuilder<ListingEntity>;

function withTeam(manager: EntityManager): ListingQuery {
  return manager
    .createQueryBuilder(ListingEntity, 'listing')
    .leftJoinAndMapOne('listing.team', 'TeamEntity', 'team', 'team.id = listing.teamId');
}

function filtered(query: ListingQuery, filter: ListingFilter): ListingQuery {
  const { prefix, applicationId, teamId, category, platform, state, favouriteOf } = filter;
  if (prefix !== undefined)
    query.andWhere('listing.nameKey >= :prefix AND listing.nameKey < :end', {
      prefix,
      end: `${prefix}${LAST}`,
    });
  if (applicationId !== undefined)
    query.andWhere('listing.applicationId = :applicationId', { applicationId });
  if (teamId !== undefined) query.andWhere('listing.teamId = :teamId', { teamId });
  if (category !== undefined) query.andWhere('listing.category = :category', { category });
  if (platform !== undefined)
    query.andWhere('listing.platforms @> :platforms::jsonb', { platforms: JSON.stringify([{ platform }]) });
  if (state !== undefined)
    query.andWhere(`listing.publishedAt IS ${state === 'published' ? 'NOT NULL' : 'NULL'}`);
  if (favouriteOf !== undefined)
    query.innerJoin(
      FavouriteEntity,
      'favourite',
      'favourite.listingId = listing.id AND favourite.userId = :userId AND favourite.applicationId = :seenIn',
      { userId: favouriteOf.userId, seenIn: favouriteOf.applicationId },
    );
  return query;
}
