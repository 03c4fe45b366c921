import { defineErrors, refusals } from '@countersign/text';

export const listingError = defineErrors({
  ...refusals('not-found', { 'listing.not_found': 'No such listing. Only its team sees a draft.' }),
  ...refusals('conflict', {
    'listing.application_listed': 'The application has a listing already',
    'listing.key_taken': 'Another listing has the key',
    'listing.name_taken':
      'Another listing has the name, or one that looks like it. Choose another one. Names of listings that are not published count too.',
    'listing.name_reserved': 'The name is reserved',
    'listing.too_many_favourites': 'The person can have no more favourites',
  }),
});
