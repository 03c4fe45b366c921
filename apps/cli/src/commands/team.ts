import { choose, chooseIfGiven, ifGiven, reasonOf, uuid, uuidOption, type Call } from '../call';
import {
  answerOf,
  command,
  given,
  group,
  needed,
  oneOf,
  readUpTo,
  repeated,
  type Takes,
} from '../declaration';
import { UsageError } from '../errors';
import { limit, reason } from '../options';
import { clearedTeamFields, teamStates } from '../words';

const FILTERS = ['application', 'name', 'owner', 'member', 'state'] as const;
const FIELDS = ['name', 'description', 'logo', 'banner', 'website', 'link', 'clear'] as const;
const one: Takes = { '<teamId>': 'the team' };
const none = 'None';

export const team = group('team', 'teams of people in applications', {
  list: command('list teams, newest first; with --name in the order of names, with --user with the roles', {
    '--application <applicationId>': 'only those of this application',
    '--name <name>': 'only those whose names begin so; with --application',
    '--owner <userId>': 'only those that this account owns',
    '--member <userId>': 'only those that this account is a member of',
    '--state <state>': oneOf(teamStates, 'only those in this state'),
    '--user <userId>': 'the teams of this account in all applications, with its roles',
    ...limit,
  }).act(async (call, app, { http, teams }) => {
    const directory = app.get(teams.TeamDirectory);
    const userId = ifGiven(call, 'user', uuid);
    if (userId !== undefined) {
      if (FILTERS.some((name) => call.has(name))) throw new UsageError('--user goes with --limit only.');
      const found = await readUpTo(
        call,
        (keyset) => directory.listOfUser(userId, keyset),
        (row) => row.team.id,
      );
      const columns = {
        team: 'teamId',
        application: 'applicationId',
        role: 'role',
        joined: 'joinedAt',
        state: 'state',
        name: 'name',
      } as const;
      return answerOf(
        found.map((row) => teams.AdminTeamOfUserResponse.of(row)),
        { columns, none },
      );
    }
    if (call.has('name') && !call.has('application')) throw new UsageError('--name goes with --application.');
    const filter = teams.TeamsFilter.toFilter(
      http.readInput(
        teams.TeamsFilter,
        given({
          applicationId: ifGiven(call, 'application', uuid),
          name: call.optional('name'),
          ownerId: ifGiven(call, 'owner', uuid),
          memberId: ifGiven(call, 'member', uuid),
          state: chooseIfGiven(call, 'state', teamStates),
        }),
      ),
    );
    const found = await readUpTo(call, (keyset) => directory.list(filter, keyset), 'id');
    const columns = {
      team: 'teamId',
      application: 'applicationId',
      state: 'state',
      created: 'createdAt',
      owner: 'ownerId',
      members: 'memberCount',
      name: 'name',
    } as const;
    return answerOf(
      found.map((row) => teams.AdminTeamResponse.of(row)),
      { columns, none },
    );
  }),
  show: command('show a team', one).show(async (call, app, { teams }) =>
    teams.AdminTeamResponse.of(await app.get(teams.TeamDirectory).get(idOf(call))),
  ),
  members: command('list the members of a team, the newest account first', { ...one, ...limit }).list({
    read: async (call, app, { teams }) => {
      const directory = app.get(teams.TeamDirectory);
      const found = await readUpTo(call, (keyset) => directory.listMembers(idOf(call), keyset), 'userId');
      return found.map((member) => teams.AdminTeamMemberResponse.of(member));
    },
    columns: { user: 'userId', role: 'role', joined: 'joinedAt', 'invited by': 'invitedBy' },
    none,
  }),
  set: command('change the name, the texts and the links of a team', {
    ...one,
    '--name <name>': 'another name',
    '--description <text>': 'another description',
    '--logo <url>': 'another logo',
    '--banner <url>': 'another banner',
    '--website <url>': 'another website',
    '--link <url>': repeated('pages of the team elsewhere, instead of those that it has'),
    '--clear <field>': repeated(`remove a field, one of ${clearedTeamFields.join(', ')}`),
  }).show(async (call, app, { http, teams }) => {
    if (!FIELDS.some((name) => call.has(name)))
      throw new UsageError(`Pass ${FIELDS.map((name) => `--${name}`).join(', ')}.`);
    const cleared = call.all('clear').map((field) => choose('clear', field, clearedTeamFields));
    const contradicted = cleared.find((field) => call.has(field));
    if (contradicted) throw new UsageError(`Pass --${contradicted} or --clear ${contradicted}.`);
    const change = http.readInput(teams.TeamPatch, {
      ...given({
        name: call.optional('name'),
        description: call.optional('description'),
        logoUrl: call.optional('logo'),
        bannerUrl: call.optional('banner'),
        websiteUrl: call.optional('website'),
        socialLinks: call.has('link') ? [...call.all('link')] : undefined,
      }),
      ...Object.fromEntries(cleared.map((field) => [FIELD_OF[field], field === 'link' ? [] : null])),
    });
    return teams.AdminTeamResponse.of(await app.get(teams.TeamOperations).change(idOf(call), change));
  }),
  transfer: command('make a member the owner of a team; the owner before becomes an admin', {
    ...one,
    '--to <userId>': needed('the member'),
    ...reason,
  }).act(async (call, app, { teams }) => {
    const userId = uuidOption(call, 'to');
    const changed = await app.get(teams.TeamOperations).transfer(idOf(call), userId, reasonOf(call));
    const text = `Team ${changed.id} belongs to ${changed.ownerId}`;
    return { json: teams.AdminTeamResponse.of(changed), text };
  }),
  delete: command('delete a team; it can be restored for seven days', one).act(
    async (call, app, { teams }) => {
      const teamId = idOf(call);
      await app.get(teams.TeamOperations).delete(teamId);
      return { json: { teamId }, text: `Team ${teamId} is deleted; restore brings it back for seven days` };
    },
  ),
  restore: command('restore a deleted team', one).show(async (call, app, { teams }) =>
    teams.AdminTeamResponse.of(await app.get(teams.TeamOperations).restore(idOf(call))),
  ),
  'remove-member': command('remove a member from a team', {
    ...one,
    '--user <userId>': needed('the member'),
  }).act(async (call, app, { teams }) => {
    const [teamId, userId] = [idOf(call), uuidOption(call, 'user')];
    await app.get(teams.TeamOperations).removeMember(teamId, userId);
    return { json: { teamId, userId }, text: `${userId} is no member of team ${teamId} any more` };
  }),
});

const FIELD_OF = {
  description: 'description',
  logo: 'logoUrl',
  banner: 'bannerUrl',
  website: 'websiteUrl',
  link: 'socialLinks',
} as const satisfies Record<(typeof clearedTeamFields)[number], string>;

function idOf(call: Call): string {
  return uuid('team', call.argument);
}
