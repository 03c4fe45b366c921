import { Id, Instant, ListOf, OneOf, PageOf, Text, toResponse } from '@countersign/http';
import {
  listingPlatforms,
  listingStates,
  stateOf,
  type Listing,
  type ListingPlatform,
  type ListingState,
  type PlatformOfListing,
} from '../store/listing.entity';
import { ListingFields } from './listing.request';

class ListingPlatformResponse {
  @OneOf(listingPlatforms, 'The platform.', 'telegram', { name: 'ListingPlatform' })
  platform: ListingPlatform;

  @Text('Where it is found there.', 'https://t.me/owls_bot/play', { nullable: true })
  url: string | null;
}

export class ListingResponse extends ListingFields {
  @Id('The listing.')
  listingId: string;

  @Id('The application.')
  applicationId: string;

  @Text('Names the listing for programs; it never changes.', 'night-owls')
  key: string;

  @ListOf(ListingPlatformResponse, 'On which platforms it runs.')
  platforms: readonly PlatformOfListing[];

  @Id('The team that writes it; `null` without one.', undefined, { nullable: true })
  teamId: string | null;

  @Text('The name of the team.', 'Night Owls', { nullable: true })
  teamName: string | null;

  @OneOf(listingStates, 'Everyone sees a published one.', 'published', { name: 'ListingState' })
  state: ListingState;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When a field or the team was last changed.')
  updatedAt: string;

  @Instant('When its team published it.', null, { nullable: true })
  publishedAt: string | null;

  static of(listing: Listing): ListingResponse {
    return toResponse(ListingResponse, {
      ...listing,
      listingId: listing.id,
      platforms: listing.platforms.map((one) => toResponse(ListingPlatformResponse, one)),
      teamName: listing.team?.name ?? null,
      state: stateOf(listing),
    });
  }
}

export class ListingPage extends PageOf(ListingResponse, 'Newest first, or by name where one is searched.') {}
