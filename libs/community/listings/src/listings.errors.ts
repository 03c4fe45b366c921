import { defineErrors } from '@countersign/text';

export const listingError = defineErrors({
  'listing.not_found': { kind: 'not-found', title: 'No such listing', remedy: 'Only its team sees a draft.' },
  'listing.application_listed': { kind: 'conflict', title: 'The application has a listing already' },
  'listing.key_taken': { kind: 'conflict', title: 'Another listing has the key' },
  'listing.name_taken': {
    kind: 'conflict',
    title: 'Another listing has the name, or one that looks like it',
    remedy: 'Choose another one. Names of listings that are not published count too.',
  },
  'listing.name_reserved': { kind: 'conflict', title: 'The name is reserved' },
  'listing.too_many_favourites': { kind: 'conflict', title: 'The person can have no more favourites' },
});
