import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { NamedList } from '../../store/named-list';
import {
  FavouriteEntity,
  ListingEntity,
  type Listing,
  type ListingPlatform,
  type ListingState,
} from './listing.entity';

export interface ListingFilter {
  /** The key of the beginning of a name: see `foldTeamName`. With it, the list is in the order of names. */
  readonly prefix?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly category?: string | undefined;
  readonly platform?: ListingPlatform | undefined;
  readonly state?: ListingState | undefined;
  readonly favouriteOf?: { readonly userId: string; readonly applicationId: string } | undefined;
}

@Injectable()
export class ListingsRepository {
  async find(
    manager: EntityManager,
    by: Partial<Pick<ListingEntity, 'id' | 'key'>>,
  ): Promise<Listing | null> {
    return withTeam(manager).where(by).getOne();
  }

  list(manager: EntityManager, filter: ListingFilter): NamedList<Listing> {
    const { prefix, applicationId, teamId, category, platform, state, favouriteOf } = filter;
    const query = withTeam(manager);
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
    return new NamedList(query, prefix);
  }
}

function withTeam(manager: EntityManager): SelectQueryBuilder<Listing> {
  return manager
    .createQueryBuilder<Listing>(ListingEntity as new () => Listing, 'listing')
    .leftJoinAndMapOne('listing.team', 'TeamEntity', 'team', 'team.id = listing.teamId');
}
