import { Injectable } from '@nestjs/common';
import { HasAccountData, type AccountData, type ExportedRows, type OwnedRows } from '@countersign/users';

@Injectable()
@HasAccountData('others')
export class FavouritesAccountData implements AccountData {
  /** The survivor gets the favourites of both accounts, even above the limit of a person. */
  readonly owned: readonly OwnedRows[] = [
    {
      ...{ table: 'favourites', key: ['application_id', 'listing_id'], isUnique: true, erase: 'delete' },
      of: ['listings', 'listing_id'],
    },
  ];
  readonly lost = { favourites: 'FROM favourites WHERE user_id = $1' };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'favourites',
      meaning: 'The listings that the person marked as favourites, in each application.',
      retention: 'Until the person removes them or the account is erased.',
      sql: `SELECT application_id::text || listing_id::text AS cursor, application_id, listing_id, created_at
        FROM favourites WHERE user_id = $1`,
    },
  ];
}
