import { Controller, Delete, Get, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { ListingPage, toListingPage } from '../dto/listing.response';
import { FavouritesService } from './favourites.service';

const ListingInPath = (): ParameterDecorator => IdInPath('listingId', 'listing.not_found', 'The listing.');

@Controller('v1/me/favourites')
@ApiTags('Listings')
export class FavouritesController {
  constructor(private readonly favourites: FavouritesService) {}

  @Get()
  @ApiOperation({
    operationId: 'listFavourites',
    summary: 'List one’s own favourites',
    description:
      'Those that the person marked in the application of the session, as far as they are published.',
  })
  @Authenticated()
  @Answers(ListingPage)
  async list(@Caller() caller: Principal, @Query() query: PageQuery): Promise<ListingPage> {
    return toListingPage(await this.favourites.list(caller, query));
  }

  @Put(':listingId')
  @ApiOperation({
    operationId: 'addFavourite',
    summary: 'Mark a listing as a favourite',
    description: 'At most 500. Again changes nothing.',
  })
  @Authenticated()
  @Answers(null, { errors: ['listing.too_many_favourites'] })
  async add(@Caller() caller: Principal, @ListingInPath() listingId: string): Promise<void> {
    await this.favourites.add(caller, listingId);
  }

  @Delete(':listingId')
  @ApiOperation({
    operationId: 'removeFavourite',
    summary: 'Remove a favourite',
    description: 'Also of a listing that is no longer published. Again changes nothing.',
  })
  @Authenticated()
  @Answers(null)
  async remove(@Caller() caller: Principal, @ListingInPath() listingId: string): Promise<void> {
    await this.favourites.remove(caller, listingId);
  }
}
