import { Body, Get, Patch, Query } from '@nestjs/common';
import { ApiController, IdInPath, TakesMergePatch, TextInPath } from '@countersign/http';
import { AuthenticatedViewer, CurrentViewer, type ViewingCaller } from '@countersign/account';
import { Caller, type Principal } from '@countersign/sessions';
import { CurrentTeam, TeamRoute } from '../access/team-route';
import { type TeamOfCaller } from '../access/team-access';
import { teamPermissions } from '../team-roles';
import { ListingPatch, ListingsQuery } from './dto/listing.request';
import { ListingPage, ListingResponse } from './dto/listing.response';
import { ListingChanges } from './listing-changes';
import { ListingsService } from './listings.service';

@ApiController('v1', 'Listings')
export class ListingsController {
  constructor(
    private readonly listings: ListingsService,
    private readonly changes: ListingChanges,
  ) {}

  @Get('listings')
  @AuthenticatedViewer('listListings', ListingPage, 'List the published applications of the installation')
  list(@CurrentViewer() caller: ViewingCaller, @Query() query: ListingsQuery): Promise<ListingPage> {
    return this.listings.list(caller, query);
  }

  @Get('listings/:listingId')
  @AuthenticatedViewer('getListing', ListingResponse, {
    summary: 'Get one listing by its id or key',
    description: 'One that is not published is shown to members of its team only.',
    errors: ['listing.not_found'],
  })
  async get(
    @CurrentViewer() caller: ViewingCaller,
    @TextInPath('listingId', 'The id or the key.', 'night-owls') idOrKey: string,
  ): Promise<ListingResponse> {
    return ListingResponse.of(await this.listings.get(caller, idOrKey));
  }

  @Patch('teams/:teamId/listings/:listingId')
  @TakesMergePatch()
  @TeamRoute(teamPermissions.listingChange, 'changeListing', ListingResponse, {
    summary: 'Change or publish the listing of the application',
    description: 'A JSON merge patch, RFC 7396: fields that are left out stay, `null` removes.',
    errors: ['listing.name_reserved', 'listing.name_taken'],
  })
  async change(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @IdInPath('listingId', 'listing.not_found', 'The listing.') listingId: string,
    @Body() patch: ListingPatch,
  ): Promise<ListingResponse> {
    return ListingResponse.of(await this.changes.change(caller, team.id, listingId, patch));
  }
}
