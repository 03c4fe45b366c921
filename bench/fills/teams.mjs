import { randomBytes, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { PROFILE } from '../features/sealing.mjs';
import { part, product } from '../product/parts.mjs';
import { copyRows } from './copy.mjs';
import { whileLoading } from './loading.mjs';

const { foldTeamName } = part('libs/community/teams/src/team-fields');

/** Fields that members show to the application: as many as a profile of the bench of sealing. */
export const SHOWN_FIELDS = ['displayName', 'username', 'avatarUrl', 'biography'];
const COLUMNS = Object.keys(PROFILE);
/** Teams whose names begin otherwise, created by the person, and deleted ones: as many in every installation. */
const RARE = 60;
const SECOND = 1_000;
const WEEK = 7 * 86_400_000;

/**
 * Fills an installation in which one person has signed in: that person owns the team with all members, and is a
 * viewer of other teams.
 */
export async function fillTeams(client, sizes, { keys, applicationId, personId }) {
  const { teams: count, members: memberCount, perPerson, invitations } = sizes;
  const ring = product.KeyRing.parse(keys);
  const start = Date.now() - (count + memberCount) * SECOND;
  const idAt = (n) => v7({ msecs: start + Math.floor(n) * SECOND });
  const at = (n) => new Date(start + n * SECOND);
  const memberIds = Array.from({ length: memberCount - 1 }, (_, n) => idAt(n));
  const teamIds = Array.from({ length: count }, (_, n) => idAt(memberCount + n));
  const [teamId] = teamIds.splice(Math.floor(count / 2), 1);
  const ownerOf = (n) => memberIds[n % memberIds.length];
  const mine = new Set(
    Array.from({ length: perPerson - 1 }, (_, n) => Math.floor((n * teamIds.length) / perPerson)),
  );
  const rareOf = (n) => n % Math.floor(teamIds.length / RARE);
  const team = (id, name, ownerId, n, more = {}) => ({
    ...{ id, application_id: applicationId, name, name_key: foldTeamName(name), created_by: ownerId },
    ...{ owner_id: ownerId, member_count: 1, created_at: at(n), updated_at: at(n), deleted_at: null },
    ...more,
  });
  const teams = [
    team(teamId, 'The Large One', personId, memberCount, { member_count: memberCount }),
    ...teamIds.map((id, n) =>
      team(id, `${rareOf(n) === 1 ? 'Rare' : 'Team'} ${n}`, ownerOf(n), memberCount + n, {
        created_by: rareOf(n) === 2 ? personId : ownerOf(n),
        member_count: mine.has(n) ? 2 : 1,
        deleted_at: rareOf(n) === 3 ? new Date() : null,
      }),
    ),
  ];
  const joined = { application_id: applicationId, joined_at: at(memberCount) };
  const viewer = (of, userId, inviter) => ({
    ...{ team_id: of, user_id: userId, role: 'viewer', invited_by: inviter, ...joined },
  });
  const owner = (of, userId) => ({ ...viewer(of, userId, null), role: 'owner' });
  const members = [
    owner(teamId, personId),
    ...memberIds.map((userId) => viewer(teamId, userId, personId)),
    ...teamIds.map((id, n) => owner(id, ownerOf(n))),
    ...[...mine].map((n) => viewer(teamIds[n], personId, ownerOf(n))),
  ];
  const expiry = new Date(Date.now() + WEEK);
  const invitation = (of, inviterId) => ({
    ...{ id: v7(), team_id: of, application_id: applicationId, token_digest: randomBytes(32) },
    ...{ role: 'viewer', inviter_id: inviterId, max_uses: 1, use_count: 0, expires_at: expiry },
    ...{ ends_at: expiry, created_at: new Date() },
  });
  const invited = [
    ...Array.from({ length: invitations }, () => invitation(teamId, personId)),
    ...teamIds.map((id, n) => invitation(id, ownerOf(n))),
  ];
  const tables = 'users, user_applications, profiles, teams, team_members, team_invitations';
  await whileLoading(client, tables, async () => {
    await insertPeople(client, ring, applicationId, memberIds);
    await copyRows(client, 'teams', teams);
    await copyRows(client, 'team_members', members);
    await copyRows(client, 'team_invitations', invited);
  });
  return { applicationId, personId, teamId, memberIds };
}

async function insertPeople(client, ring, applicationId, ids) {
  const times = { created_at: new Date(), updated_at: new Date() };
  const [users, visits, profiles] = [[], [], []];
  const day = new Date().toISOString().slice(0, 10);
  for (const id of ids) {
    const { dataKey, wrapped } = product.createDataKey(ring, product.dataKeyPlace(id));
    const person = { status: 'active', data_key: wrapped, audit_pseudonym: randomUUID(), has_profile: true };
    users.push({ id, ...person, ...times });
    visits.push({ user_id: id, application_id: applicationId, first_seen_on: day, last_seen_on: day });
    const sealed = COLUMNS.map((column) => [
      column,
      product.seal(dataKey, { table: 'profiles', column, row: id }, PROFILE[column]),
    ]);
    const field_settings = settingsOf('application', applicationId);
    profiles.push({ user_id: id, ...Object.fromEntries(sealed), field_settings, ...times });
  }
  await copyRows(client, 'users', users);
  await copyRows(client, 'user_applications', visits);
  await copyRows(client, 'profiles', profiles);
}

function settingsOf(visibility, applicationId) {
  const setting = { visibility, assurance: 'platform', applicationId };
  return JSON.stringify(Object.fromEntries(SHOWN_FIELDS.map((field) => [field, setting])));
}

/** Makes the fields of people public, or takes that back: applications get the same texts either way. */
export async function publish(client, applicationId, userIds, isPublic) {
  await client.query('DELETE FROM public_profiles WHERE user_id = ANY ($1::uuid[])', [userIds]);
  if (isPublic) {
    const updated_at = new Date();
    await copyRows(
      client,
      'public_profiles',
      userIds.map((id) => ({ user_id: id, ...PROFILE, updated_at })),
    );
  }
  await client.query('UPDATE profiles SET field_settings = $2 WHERE user_id = ANY ($1::uuid[])', [
    userIds,
    settingsOf(isPublic ? 'public' : 'application', applicationId),
  ]);
  await client.query('VACUUM (ANALYZE) profiles, public_profiles');
}
