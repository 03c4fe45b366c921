import { Delete, Get, Put, Query } from '@nestjs/common';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { ListingPage } from '../dto/listing.response';
import { FavouritesService } from './favourites.service';

const ListingInPath = (): ParameterDecorator => IdInPath('listingId', 'listing.not_found', 'The listing.');

@ApiController('v1/me/favourites', 'Listings')
export class FavouritesController {
  constructor(private readonly favourites: FavouritesService) {}

  @Get()
  @Authenticated('listFavourites', ListingPage, 'List one’s own favourites in the application')
  list(@Caller() caller: Principal, @Query() query: PageQuery): Promise<ListingPage> {
    return this.favourites.list(caller, query);
  }

  @Put(':listingId')
  @Authenticated('addFavourite', null, {
    summary: 'Mark a listing as a favourite',
    description: 'At most 500. Again changes nothing.',
    errors: ['listing.too_many_favourites'],
  })
  add(@Caller() caller: Principal, @ListingInPath() listingId: string): Promise<void> {
    return this.favourites.add(caller, listingId);
  }

  @Delete(':listingId')
  @Authenticated('removeFavourite', null, 'Remove a favourite; again changes nothing')
  remove(@Caller() caller: Principal, @ListingInPath() listingId: string): Promise<void> {
    return this.favourites.remove(caller, listingId);
  }
}
