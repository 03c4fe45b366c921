import { Injectable } from '@nestjs/common';
import { listingError, listingPlatforms, ListingsService, type Listing } from '@countersign/teams';
import { MetaproProjects } from '../metapro-projects';
import { ListQuery, UUID } from '../protocol/list-query';
import type { MetaproAppResponse, MetaproAppsResponse } from './apps.dto';

const NAME = /^.{1,100}$/su;
const CATEGORY = /^[a-z0-9-]{1,32}$/;
const PLATFORM = new RegExp(`^(?:${listingPlatforms.join('|')})$`);

/** Metapro's apps are the published listings of all applications. */
@Injectable()
export class MetaproApps {
  constructor(
    private readonly projects: MetaproProjects,
    private readonly listings: ListingsService,
  ) {}

  async list(query: unknown): Promise<MetaproAppsResponse> {
    await this.projects.assertAny();
    const read = new ListQuery(query);
    const platform = read.text('platforms', PLATFORM);
    const filter = {
      name: read.text('name', NAME),
      category: read.text('categories', CATEGORY),
      platform: listingPlatforms.find((each) => each === platform),
      teamId: (read.text('teamId', UUID) ?? read.text('teamIds', UUID))?.toLowerCase(),
    };
    const position = { ...read.slice(), isOldestFirst: read.isAscending('sort[createdAt]') };
    const { count, found } = await this.listings.listAt(filter, position);
    return { count, results: found.map(toApp) };
  }

  async get(idOrKey: string): Promise<MetaproAppResponse> {
    await this.projects.assertAny();
    const listing = await this.listings.find(idOrKey);
    if (!listing) throw listingError('listing.not_found');
    return toApp(listing);
  }
}

function toApp(listing: Listing): MetaproAppResponse {
  const { id, key, name, team, category, logoUrl, bannerUrl } = listing;
  return {
    appId: id,
    appKey: key,
    name,
    team: team?.name ?? '',
    teamId: team?.id ?? '',
    categories: category === null ? [] : [category],
    platform: listing.platforms.map(({ platform, url }) => ({ platform, storeUrl: url ?? '' })),
    status: 'released',
    networks: [],
    gallery: [logoUrl, bannerUrl].filter((url) => url !== null),
    description: listing.description ?? '',
    website: listing.websiteUrl ?? '',
    socialMedia: listing.socialLinks.map((value) => ({ name: '', value })),
    createdAt: listing.createdAt.toISOString(),
    updatedAt: listing.updatedAt.toISOString(),
  };
}
