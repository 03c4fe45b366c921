import { ListingChanges } from '@countersign/teams';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { aKey, aListing, patchListing, type ListedApplication } from './listings';

type Fields = Pick<AuditRecord, 'action'> & Partial<AuditRecord>;

/** @param fields of the listing before the act: it is published; a draft with `null` */
function ofListing(
  fields: object | null,
  act: (stage: Stage, listed: ListedApplication) => Promise<readonly Fields[]>,
): Way {
  return async (stage) => {
    const listed = await aListing(stage.app, fields);
    const { listingId, applicationId } = listed;
    return stage.http(async () =>
      (await act(stage, listed)).map((record) => ({
        actor: 'operator',
        subject: listingId,
        applicationId,
        details: {},
        ...record,
      })),
    );
  };
}

export const waysOfListings: Ways<
  'listing.created' | 'listing.changed' | 'listing.published' | 'listing.withdrawn'
> = {
  'listing.created': {
    'by an operator': async ({ app, http }) => {
      const { applicationId } = await app.createApplication();
      return http(async () => {
        const wanted = { applicationId, key: aKey(), name: aKey(), teamId: null };
        const { id: subject } = await app.nest.get(ListingChanges).create(wanted);
        return [{ action: 'listing.created', actor: 'operator', subject, applicationId, details: {} }];
      });
    },
  },
  'listing.changed': {
    'with the names of the fields, and none of their values': ofListing(null, async (stage, listed) => {
      await patchListing(listed, { name: aKey(), description: 'Changed.', logoUrl: null });
      const actor = await stage.pseudonymOf(listed.owner);
      return [{ action: 'listing.changed', actor, details: { fields: 'name description' } }];
    }),
  },
  'listing.published': {
    'by a member of its team': ofListing(null, async (stage, listed) => {
      await patchListing(listed, { state: 'published' });
      return [{ action: 'listing.published', actor: await stage.pseudonymOf(listed.owner) }];
    }),
  },
  'listing.withdrawn': {
    'by a member of its team': ofListing({}, async (stage, listed) => {
      await patchListing(listed, { state: 'drafted' });
      return [{ action: 'listing.withdrawn', actor: await stage.pseudonymOf(listed.owner) }];
    }),
    'by an operator who takes its team away': ofListing({}, async ({ app }, { listingId }) => {
      await app.nest.get(ListingChanges).assign(listingId, null);
      return [{ action: 'listing.withdrawn' }, { action: 'listing.changed', details: { fields: 'teamId' } }];
    }),
  },
};
