import { chooseIfGiven, ifGiven, reasonOf, uuid, uuidOption, type Call } from '../call';
import { command, given, group, needed, oneOf, readUpTo, type Takes } from '../declaration';
import { limit, reason } from '../options';
import { listingStates } from '../words';

const one: Takes = { '<listingId>': 'the listing' };

export const listing = group('listing', 'what applications show of themselves', {
  list: command('list listings, newest first', {
    '--application <applicationId>': 'only that of this application',
    '--team <teamId>': 'only that of this team',
    '--state <state>': oneOf(listingStates, 'only those in this state'),
    ...limit,
  }).list({
    read: async (call, app, { listings }) => {
      const directory = app.get(listings.ListingDirectory);
      const filter = {
        applicationId: ifGiven(call, 'application', uuid),
        teamId: ifGiven(call, 'team', uuid),
        state: chooseIfGiven(call, 'state', listingStates),
      };
      const found = await readUpTo(call, (keyset) => directory.list(filter, keyset), 'id');
      return found.map((row) => listings.ListingResponse.of(row));
    },
    columns: {
      listing: 'listingId',
      application: 'applicationId',
      team: 'teamId',
      state: 'state',
      key: 'key',
      name: 'name',
    },
    none: 'None',
  }),
  show: command('show a listing', one).show(async (call, app, { listings }) =>
    listings.ListingResponse.of(await app.get(listings.ListingDirectory).get(idOf(call))),
  ),
  create: command('create the listing of an application, as a draft', {
    '--application <applicationId>': needed('the application'),
    '--key <key>': needed('names it for programs, for good: lower-case letters, digits and hyphens'),
    '--name <name>': needed('its first name'),
    '--team <teamId>': 'the team that writes it, of the same application',
  }).show(async (call, app, { http, listings }) => {
    const { teamId = null, ...wanted } = http.readInput(
      listings.CreateListingRequest,
      given({
        applicationId: uuidOption(call, 'application'),
        key: call.required('key'),
        name: call.required('name'),
        teamId: ifGiven(call, 'team', uuid),
      }),
    );
    return listings.ListingResponse.of(await app.get(listings.ListingChanges).create({ ...wanted, teamId }));
  }),
  assign: command('assign the team that writes a listing', {
    ...one,
    '--team <teamId>': needed('the team, of the same application'),
  }).show(async (call, app, { listings }) =>
    listings.ListingResponse.of(
      await app.get(listings.ListingChanges).assign(idOf(call), uuidOption(call, 'team')),
    ),
  ),
  hide: command('hide a listing', { ...one, ...reason }).show(async (call, app, { listings }) =>
    listings.ListingResponse.of(await app.get(listings.ListingChanges).hide(idOf(call), reasonOf(call))),
  ),
  unhide: command('end the hiding of a listing', one).show(async (call, app, { listings }) =>
    listings.ListingResponse.of(await app.get(listings.ListingChanges).unhide(idOf(call))),
  ),
});

function idOf(call: Call): string {
  return uuid('listing', call.argument);
}
