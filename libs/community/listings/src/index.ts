export { ListingChanges } from './listing-changes';
export { listingError } from './listings.errors';
export { ListingsModule } from './listings.module';
export { ListingsService } from './listings.service';
export { listingPlatforms, type Listing, type ListingPlatform } from './store/listing.entity';
