import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { OAuthModule } from '@countersign/gateway';
import { ProfilesModule } from '@countersign/account';
import { SessionsModule } from '@countersign/sessions';
import { TeamsModule } from '../teams.module';
import { UsersModule } from '@countersign/users';
import { AdminListingsController } from './admin/listings.controller';
import { FavouritesAccountData } from './favourites/favourites-account-data';
import { FavouritesService } from './favourites/favourites.service';
import { FavouritesController } from './favourites/favourites.controller';
import { ListingChanges } from './listing-changes';
import { ListingsController } from './listings.controller';
import { ListingsService } from './listings.service';
import { FavouriteEntity, ListingEntity } from './store/listing.entity';
import { ListingsRepository } from './store/listings.repository';
import { listingEvents, listingScopes } from './listings.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([FavouriteEntity, ListingEntity]),
    ApplicationsModule,
    OAuthModule,
    ProfilesModule,
    SessionsModule,
    TeamsModule,
    UsersModule,
  ],
  controllers: [AdminListingsController, FavouritesController, ListingsController],
  providers: [FavouritesAccountData, FavouritesService, ListingChanges, ListingsRepository, ListingsService],
  exports: [ListingChanges, ListingsService],
})
export class ListingsModule {
  static readonly defines = { events: listingEvents, scopes: listingScopes };
}
