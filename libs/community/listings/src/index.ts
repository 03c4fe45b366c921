import './listings.feature';

export { CreateListingRequest } from './admin/listing.dto';
export { ListingDirectory } from './admin/listing-directory';
export { ListingResponse } from './dto/listing.response';
export { ListingChanges } from './listing-changes';
export { listingError } from './listings.errors';
export { ListingsModule } from './listings.module';
export { ListingsService } from './listings.service';
export {
  listingPlatforms,
  listingStates,
  stateOf,
  type Listing,
  type ListingPlatform,
  type ListingState,
} from './store/listing.entity';
