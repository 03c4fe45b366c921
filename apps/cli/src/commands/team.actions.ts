import { readUpTo } from '@countersign/admin';
import { readInput } from '@countersign/http';
import {
  AdminTeamHistoryResponse,
  AdminTeamMemberResponse,
  AdminTeamOfUserResponse,
  AdminTeamResponse,
  TeamDirectory,
  TeamOperations,
  TeamPatch,
  TeamsFilter,
} from '@countersign/teams';
import { leakedBy } from '../bot-options';
import {
  choose,
  chooseIfGiven,
  ifGiven,
  reasonOf,
  uuid,
  type Answer,
  type Call,
  type Connected,
} from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { fields, listing, table } from '../list-output';
import { UsageError } from '../usage';
import { clearedTeamFields, teamStates } from '../words';

const FILTERS = ['application', 'name', 'owner', 'member', 'state'] as const;
const FIELDS = ['name', 'description', 'logo', 'banner', 'website', 'link', 'clear'] as const;

export const list: Connected = async (call, app) => {
  const directory = app.get(TeamDirectory);
  const userId = ifGiven(call, 'user', uuid);
  if (userId !== undefined) {
    if (FILTERS.some((name) => call.has(name))) throw new UsageError('--user goes with --limit only.');
    const found = await readUpTo(
      limitOf(call),
      (keyset) => directory.listOfUser(userId, keyset),
      ({ team }) => team.id,
    );
    const json = found.map((one) => AdminTeamOfUserResponse.of(one));
    const rows = json.map((one) => [
      one.teamId,
      one.applicationId,
      one.role,
      one.joinedAt,
      one.state,
      one.name,
    ]);
    return answerOf(json, ['team', 'application', 'role', 'joined', 'state', 'name'], rows);
  }
  if (call.has('name') && !call.has('application')) throw new UsageError('--name goes with --application.');
  const filter = TeamsFilter.toFilter(
    readInput(TeamsFilter, {
      ...given('applicationId', ifGiven(call, 'application', uuid)),
      ...given('name', call.optional('name')),
      ...given('ownerId', ifGiven(call, 'owner', uuid)),
      ...given('memberId', ifGiven(call, 'member', uuid)),
      ...given('state', chooseIfGiven(call, 'state', teamStates)),
    }),
  );
  const found = await readUpTo(
    limitOf(call),
    (keyset) => directory.list(filter, keyset),
    ({ id }) => id,
  );
  const json = found.map((team) => AdminTeamResponse.of(team));
  const rows = json.map((team) => [
    team.teamId,
    team.applicationId,
    team.state,
    team.createdAt,
    team.ownerId,
    String(team.memberCount),
    team.name,
  ]);
  return answerOf(json, ['team', 'application', 'state', 'created', 'owner', 'members', 'name'], rows);
};

export const show: Connected = async (call, app) =>
  shown(AdminTeamResponse.of(await app.get(TeamDirectory).get(idOf(call))));

export const members: Connected = async (call, app) => {
  const found = await readUpTo(
    limitOf(call),
    (keyset) => app.get(TeamDirectory).listMembers(idOf(call), keyset),
    ({ userId }) => userId,
  );
  const json = found.map((member) => AdminTeamMemberResponse.of(member));
  const rows = json.map(({ userId, role, joinedAt, invitedBy }) => [
    userId,
    role,
    joinedAt,
    invitedBy ?? '-',
  ]);
  return answerOf(json, ['user', 'role', 'joined', 'invited by'], rows);
};

export const history: Connected = async (call, app) => {
  const found = await readUpTo(
    limitOf(call),
    (keyset) => app.get(TeamDirectory).listHistory(idOf(call), keyset),
    ({ id }) => id,
  );
  const json = found.map((entry) => AdminTeamHistoryResponse.of(entry));
  const rows = json.map(({ at, action, actorId, subjectId, origin, details }) => [
    at,
    action,
    actorId ?? '-',
    subjectId ?? '-',
    origin ?? '-',
    Object.entries(details)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ]);
  return answerOf(json, ['at', 'action', 'by', 'about', 'rests on', 'details'], rows);
};

export const set: Connected = async (call, app) => {
  if (!FIELDS.some((name) => call.has(name)))
    throw new UsageError(`Pass ${FIELDS.map((name) => `--${name}`).join(', ')}.`);
  const cleared = call.all('clear').map((field) => choose('clear', field, clearedTeamFields));
  const contradicted = cleared.find((field) => call.has(field));
  if (contradicted) throw new UsageError(`Pass --${contradicted} or --clear ${contradicted}.`);
  const change = readInput(TeamPatch, {
    ...given('name', call.optional('name')),
    ...given('description', call.optional('description')),
    ...given('logoUrl', call.optional('logo')),
    ...given('bannerUrl', call.optional('banner')),
    ...given('websiteUrl', call.optional('website')),
    ...(call.has('link') ? { socialLinks: [...call.all('link')] } : {}),
    ...Object.fromEntries(cleared.map((field) => [FIELD_OF[field], field === 'link' ? [] : null])),
  });
  return shown(AdminTeamResponse.of(await app.get(TeamOperations).change(idOf(call), change)));
};

export const transfer: Connected = async (call, app) => {
  const userId = uuid('to', call.required('to'));
  const team = await app.get(TeamOperations).transfer(idOf(call), userId, reasonOf(call));
  return { json: AdminTeamResponse.of(team), text: `Team ${team.id} belongs to ${team.ownerId}` };
};

export const remove: Connected = async (call, app) => {
  const teamId = idOf(call);
  await app.get(TeamOperations).delete(teamId);
  return { json: { teamId }, text: `Team ${teamId} is deleted; restore brings it back for seven days` };
};

export const restore: Connected = async (call, app) =>
  shown(AdminTeamResponse.of(await app.get(TeamOperations).restore(idOf(call))));

export const listChanged: Connected = async (call, app) => {
  const found = await app
    .get(TeamDirectory)
    .listChanged(leakedBy(call), instant('since', call.required('since')));
  const json = found.map(({ firstAt, lastAt, ...team }) => ({
    ...team,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
  }));
  const rows = json.map((one) => [
    one.teamId,
    one.applicationId,
    one.ownerId,
    String(one.acts),
    one.firstAt,
    one.lastAt,
    one.actions.join(','),
  ]);
  return answerOf(json, ['team', 'application', 'owner now', 'acts', 'first', 'last', 'what'], rows);
};

export const revert: Connected = async (call, app) => {
  const to = instant('to', call.required('to'));
  const { team, ...outcome } = await app.get(TeamOperations).revert(idOf(call), to, reasonOf(call));
  const json = { teamId: team.id, ownerId: team.ownerId, ...outcome };
  const ids = (list: readonly string[]) => (list.length === 0 ? 'none' : list.join(' '));
  const rows: [string, string][] = [
    ['owner', team.ownerId],
    ['members returned', ids(outcome.returned)],
    ['members removed', ids(outcome.removed)],
    ['roles changed', ids(outcome.changed)],
    ['invitations reopened', ids(outcome.reopenedInvitations)],
    ['invitations revoked', ids(outcome.revokedInvitations)],
  ];
  return { json, text: fields(rows) };
};

export const removeMember: Connected = async (call, app) => {
  const [teamId, userId] = [idOf(call), uuid('user', call.required('user'))];
  await app.get(TeamOperations).removeMember(teamId, userId);
  return { json: { teamId, userId }, text: `${userId} is no member of team ${teamId} any more` };
};

const FIELD_OF = {
  description: 'description',
  logo: 'logoUrl',
  banner: 'bannerUrl',
  website: 'websiteUrl',
  link: 'socialLinks',
} as const satisfies Record<(typeof clearedTeamFields)[number], string>;

function idOf(call: Call): string {
  return uuid('team', call.positionals[0] ?? '');
}

function given(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value };
}

function shown(team: AdminTeamResponse): Answer {
  return { json: team, text: listing(team) };
}

function answerOf(
  json: readonly object[],
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): Answer {
  return { json, text: rows.length === 0 ? 'None' : table(headings, rows) };
}
