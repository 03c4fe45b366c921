import { defineScopes } from '@countersign/admin';
import { defineEvents, commonFields } from '@countersign/audit';

const listingId = { format: 'uuid', meaning: 'The listing of the application' } as const;

const { applicationId } = commonFields;

const about = { version: 1, orderedBy: 'listingId', fields: { listingId, applicationId } } as const;

export const listingEvents = defineEvents({
  created: {
    name: 'listing.created',
    ...about,
    meaning: 'An operator created the listing of an application, as a draft',
  },
  changed: { name: 'listing.changed', ...about, meaning: 'A field or the team of a listing was changed' },
  published: { name: 'listing.published', ...about, meaning: 'A member of its team published a listing' },
  withdrawn: {
    name: 'listing.withdrawn',
    ...about,
    meaning: 'Its team or an operator made a published listing a draft',
  },
});

export const listingScopes = defineScopes({
  listingsRead: ['listings:read', 'List and read listings of applications'],
  listingsWrite: ['listings:write', 'Create and assign listings of applications'],
});
