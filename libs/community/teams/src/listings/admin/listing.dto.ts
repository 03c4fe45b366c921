import { Id, Matching, OneOf, PageQuery, Text, PageOf } from '@countersign/http';
import { ListingResponse } from '../dto/listing.response';
import { LISTING_KEY, listingStates, type ListingState } from '../store/listing.entity';

export class AdminListingsQuery extends PageQuery {
  @Id('Only that of this application.', undefined, { input: 'optional' })
  applicationId?: string;

  @Id('Only that of this team.', undefined, { input: 'optional' })
  teamId?: string;

  @OneOf(listingStates, 'Only those in this state.', 'drafted', { input: 'optional', name: 'ListingState' })
  state?: ListingState;
}

export class CreateListingRequest {
  @Id('The application. It has one listing at most.', undefined, { input: 'required' })
  applicationId: string;

  @Matching(
    'Names it for programs, for good: lower-case letters, digits and hyphens, 3 to 32.',
    'night-owls',
    {
      input: 'required',
      pattern: LISTING_KEY,
      message:
        'must be 3 to 32 lower-case letters and digits, a letter first, with single hyphens between them',
    },
  )
  key: string;

  @Text('Its first name, as those of teams.', 'Night Owls', { input: 'required' })
  name: string;

  @Id('The team that writes it, of the same application.', undefined, { input: 'optional' })
  teamId?: string;
}

export class AssignListingRequest {
  @Id('The team that writes it from now on, of the same application.', undefined, { input: 'removable' })
  teamId?: string | null;
}

export class AdminListingPageResponse extends PageOf(ListingResponse, 'Newest first.') {}
