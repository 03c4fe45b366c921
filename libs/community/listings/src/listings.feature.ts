import { defineScopes } from '@countersign/admin';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  listingId: { format: 'uuid', meaning: 'The listing of the application' },
});

const about = { version: 1, orderedBy: 'listingId', fields: ['listingId', 'applicationId'] } as const;

const acts = defineActs({
  'listing.created': { ...about, meaning: 'An operator created the listing of an application, as a draft' },
  'listing.changed': { ...about, meaning: 'A field or the team of a listing was changed' },
  'listing.published': { ...about, meaning: 'A member of its team published a listing' },
  'listing.withdrawn': { ...about, meaning: 'Its team or an operator made a published listing a draft' },
});

export const listingScopes = defineScopes({
  listingsRead: ['listings:read', 'List and read listings of applications'],
  listingsWrite: ['listings:write', 'Create and assign listings of applications'],
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
