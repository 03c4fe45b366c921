import { Body, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, TakesMergePatch, type Keyset, readPage } from '@countersign/http';
import { ListingResponse } from '../dto/listing.response';
import { ListingChanges } from '../listing-changes';
import { ListingsService } from '../listings.service';
import {
  AdminListingPageResponse,
  AdminListingsQuery,
  AssignListingRequest,
  CreateListingRequest,
} from './listing.dto';
import { listingScopes } from '../listings.feature';

const ListingInPath = (): ParameterDecorator => IdInPath('listingId', 'listing.not_found', 'The listing.');

@AdminController('listings', 'Listings')
export class AdminListingsController {
  constructor(
    private readonly listings: ListingsService,
    private readonly changes: ListingChanges,
  ) {}

  @Get()
  @Operation(
    'listListings',
    listingScopes.listingsRead,
    AdminListingPageResponse,
    'List listings, newest first',
  )
  list(@Query() query: AdminListingsQuery): Promise<AdminListingPageResponse> {
    const read = (keyset: Keyset) => this.listings.listInAnyState(filterOf(query), keyset);
    return readPage(query, ListingResponse, read);
  }

  @Post()
  @Operation('createListing', listingScopes.listingsWrite, ListingResponse, {
    summary: 'Create the listing of an application, as a draft',
    status: 201,
    errors: [
      'application.not_found',
      'listing.application_listed',
      'listing.key_taken',
      'listing.name_reserved',
      'listing.name_taken',
      'team.not_found',
    ],
  })
  async create(@Body() { applicationId, key, name, teamId }: CreateListingRequest): Promise<ListingResponse> {
    const wanted = {
      applicationId: applicationId.toLowerCase(),
      key,
      name,
      teamId: teamId?.toLowerCase() ?? null,
    };
    return ListingResponse.of(await this.changes.create(wanted));
  }

  @Get(':listingId')
  @Operation('readListing', listingScopes.listingsRead, ListingResponse, 'Read a listing')
  async read(@ListingInPath() id: string): Promise<ListingResponse> {
    return ListingResponse.of(await this.listings.getById(id));
  }

  @Patch(':listingId')
  @Operation('assignListing', listingScopes.listingsWrite, ListingResponse, {
    summary: 'Assign the team that writes a listing, or none',
    description: 'Without a team it is a draft.',
    errors: ['team.not_found'],
  })
  @TakesMergePatch()
  async assign(
    @ListingInPath() id: string,
    @Body() { teamId }: AssignListingRequest,
  ): Promise<ListingResponse> {
    if (teamId === undefined) return this.read(id);
    return ListingResponse.of(await this.changes.assign(id, teamId?.toLowerCase() ?? null));
  }
}

function filterOf({ applicationId, teamId, state }: AdminListingsQuery) {
  return { applicationId: applicationId?.toLowerCase(), teamId: teamId?.toLowerCase(), state };
}
