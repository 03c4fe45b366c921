import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { inClone } from '../../scripts/lib/clone.mjs';
import { product } from '../growth/product.mjs';

const require = createRequire(import.meta.url);
const part = (path) => require(inClone('dist', `${path}.js`));
const { foldTeamName } = part('libs/community/teams/src/team-fields');

/** Fields that members show to the application: as many as the bench of sealing has in a profile. */
export const SHOWN_FIELDS = ['displayName', 'username', 'avatarUrl', 'biography'];
const COLUMNS = ['display_name', 'username', 'avatar_url', 'biography'];
const TEXTS = [
  'Ada Lovelace',
  'ada_lovelace',
  'https://cdn.example/avatars/0123456789.jpg',
  'Mathematician.',
];
/** Teams whose names begin otherwise, and deleted ones: as many in every installation. */
const RARE = 60;
const BATCH = 2_000;
const SECOND = 1_000;
const TABLES = 'users, user_applications, profiles, teams, team_members, team_history, team_invitations';

/** How much of everything an installation has. @typedef {{ teams: number, members: number, perPerson: number, entries: number, invitations: number }} Sizes */

/**
 * Fills an installation in which one person has signed in: that person owns the team with all members, and is a viewer of
 * other teams.
 *
 * @param {import('pg').Client} client
 * @param {Sizes} sizes
 * @param {{ keys: string, applicationId: string, personId: string }} world
 */
export async function fill(client, sizes, { keys, applicationId, personId }) {
  const { teams, members, perPerson, entries, invitations } = sizes;
  const ring = product.KeyRing.parse(keys);
  const start = Date.now() - (teams + members) * SECOND;
  const at = (n) => new Date(start + n * SECOND);
  const idAt = (n) => v7({ msecs: start + n * SECOND });
  // Nothing that they point to needs to be looked for: it is made here.
  await client.query('SET session_replication_role = replica');
  const memberIds = Array.from({ length: members - 1 }, (_, n) => idAt(n));
  await inBatches(memberIds, (batch, from) => insertPeople(client, ring, applicationId, batch, at(from)));

  const teamIds = Array.from({ length: teams }, (_, n) => idAt(members + n));
  const [teamId] = teamIds.splice(Math.floor(teams / 2), 1);
  const ownerOf = (n) => memberIds[n % memberIds.length];
  const mine = new Set(
    Array.from({ length: perPerson - 1 }, (_, n) => Math.floor((n * teamIds.length) / perPerson)),
  );
  await insertTeams(client, applicationId, [
    {
      id: teamId,
      name: 'The Large One',
      ownerId: personId,
      count: members,
      at: at(members),
      isDeleted: false,
    },
  ]);
  await inBatches(teamIds, (batch, from) =>
    insertTeams(
      client,
      applicationId,
      batch.map((id, index) => {
        const n = from + index;
        const isRare = n % Math.floor(teamIds.length / RARE) === 1;
        return {
          id,
          name: `${isRare ? 'Rare' : 'Team'} ${n}`,
          ownerId: ownerOf(n),
          createdBy: n % Math.floor(teamIds.length / RARE) === 2 ? personId : ownerOf(n),
          count: mine.has(n) ? 2 : 1,
          at: at(members + n),
          isDeleted: n % Math.floor(teamIds.length / RARE) === 3,
        };
      }),
    ),
  );
  const rows = [
    { team: teamId, user: personId, role: 'owner', inviter: null },
    ...memberIds.map((user) => ({ team: teamId, user, role: 'viewer', inviter: personId })),
    ...teamIds.map((team, n) => ({ team, user: ownerOf(n), role: 'owner', inviter: null })),
    ...[...mine].map((n) => ({ team: teamIds[n], user: personId, role: 'viewer', inviter: ownerOf(n) })),
  ];
  await inBatches(rows, (batch) => insertMembers(client, applicationId, batch, at(members)));
  const told = [
    ...Array.from({ length: entries }, (_, n) => ({
      id: idAt(members + (n * teams) / entries),
      team: teamId,
      subject: memberIds[n % memberIds.length],
    })),
    ...teamIds.map((team, n) => ({ id: idAt(members + n), team, subject: ownerOf(n) })),
  ];
  await inBatches(told, (batch) => insertHistory(client, batch));
  const invited = [
    ...Array.from({ length: invitations }, () => ({ team: teamId, inviter: personId })),
    ...teamIds.map((team, n) => ({ team, inviter: ownerOf(n) })),
  ];
  await inBatches(invited, (batch) => insertInvitations(client, applicationId, batch));
  await client.query('RESET session_replication_role');
  await client.query(`VACUUM (ANALYZE) ${TABLES}`);
  return { applicationId, personId, teamId, memberIds, otherOwner: ownerOf(0), otherTeam: teamIds[0] };
}

async function inBatches(all, write) {
  for (let from = 0; from < all.length; from += BATCH) await write(all.slice(from, from + BATCH), from);
}

async function insertPeople(client, ring, applicationId, ids, at) {
  const made = ids.map((userId) => {
    const { dataKey, wrapped } = product.createDataKey(ring, product.dataKeyPlace(userId));
    const texts = COLUMNS.map((column, index) =>
      product.seal(dataKey, { table: 'profiles', column, row: userId }, TEXTS[index]),
    );
    return { wrapped, texts };
  });
  await client.query(
    `INSERT INTO users (id, status, data_key, audit_pseudonym, has_profile, created_at, updated_at)
     SELECT id, 'active', key, gen_random_uuid(), true, $3, $3 FROM unnest($1::uuid[], $2::text[]) AS made (id, key)`,
    [ids, made.map(({ wrapped }) => wrapped), at],
  );
  await client.query(
    `INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on)
     SELECT id, $2, current_date, current_date FROM unnest($1::uuid[]) AS made (id)`,
    [ids, applicationId],
  );
  await client.query(
    `INSERT INTO profiles (user_id, ${COLUMNS.join(', ')}, field_settings, created_at, updated_at)
     SELECT id, one, two, three, four, $6, $7, $7
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS made (id, one, two, three, four)`,
    [
      ids,
      ...COLUMNS.map((_, index) => made.map(({ texts }) => texts[index])),
      settingsOf('application', applicationId),
      at,
    ],
  );
}

function settingsOf(visibility, applicationId) {
  const setting = { visibility, assurance: 'platform', applicationId };
  return JSON.stringify(Object.fromEntries(SHOWN_FIELDS.map((field) => [field, setting])));
}

/** Makes the fields of people public, or takes that back: applications are shown the same texts either way. */
export async function publish(client, applicationId, userIds, isPublic) {
  await client.query('DELETE FROM public_profiles WHERE user_id = ANY ($1::uuid[])', [userIds]);
  if (isPublic)
    await client.query(
      `INSERT INTO public_profiles (user_id, ${COLUMNS.join(', ')}, updated_at)
       SELECT id, $2, $3, $4, $5, now() FROM unnest($1::uuid[]) AS made (id)`,
      [userIds, ...TEXTS],
    );
  await client.query('UPDATE profiles SET field_settings = $2 WHERE user_id = ANY ($1::uuid[])', [
    userIds,
    settingsOf(isPublic ? 'public' : 'application', applicationId),
  ]);
  await client.query('VACUUM (ANALYZE) profiles, public_profiles');
}

async function insertTeams(client, applicationId, made) {
  await client.query(
    `INSERT INTO teams (id, application_id, name, name_key, created_by, owner_id, member_count, created_at, updated_at, deleted_at)
     SELECT id, $8, name, key, creator, owner, count, at, at, CASE WHEN is_deleted THEN now() END
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int[], $7::timestamptz[], $9::boolean[])
       AS made (id, name, key, creator, owner, count, at, is_deleted)`,
    [
      made.map(({ id }) => id),
      made.map(({ name }) => name),
      made.map(({ name }) => foldTeamName(name)),
      made.map(({ createdBy, ownerId }) => createdBy ?? ownerId),
      made.map(({ ownerId }) => ownerId),
      made.map(({ count }) => count),
      made.map(({ at }) => at),
      applicationId,
      made.map(({ isDeleted }) => isDeleted),
    ],
  );
}

async function insertMembers(client, applicationId, made, at) {
  await client.query(
    `INSERT INTO team_members (team_id, user_id, application_id, role, joined_at, invited_by)
     SELECT team, account, $5, role, $6, inviter
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) AS made (team, account, role, inviter)`,
    [
      made.map(({ team }) => team),
      made.map(({ user }) => user),
      made.map(({ role }) => role),
      made.map(({ inviter }) => inviter),
      applicationId,
      at,
    ],
  );
}

async function insertHistory(client, made) {
  await client.query(
    `INSERT INTO team_history (id, team_id, actor_id, subject_id, action, details, at)
     SELECT id, team, subject, subject, 'joined', '{"role":"viewer","how":"invitation"}', now()
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS made (id, team, subject)`,
    [made.map(({ id }) => id), made.map(({ team }) => team), made.map(({ subject }) => subject)],
  );
}

async function insertInvitations(client, applicationId, made) {
  await client.query(
    `INSERT INTO team_invitations
       (id, team_id, application_id, token_digest, role, inviter_id, max_uses, use_count, expires_at, ends_at, created_at)
     SELECT id, team, $5, token, 'viewer', inviter, 1, 0, now() + interval '7 days', now() + interval '7 days', now()
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::uuid[]) AS made (id, team, token, inviter)`,
    [
      made.map(() => v7()),
      made.map(({ team }) => team),
      made.map(() => randomBytes(32)),
      made.map(({ inviter }) => inviter),
      applicationId,
    ],
  );
}

/** A person in some more teams of others, for checks and sign-ins. */
export async function joinTeams(client, applicationId, userIds, teamsEach) {
  await client.query('SET session_replication_role = replica');
  const teams = Array.from({ length: teamsEach }, (_, n) => ({
    id: v7(),
    name: `Joined ${n}`,
    ownerId: userIds[0],
    count: userIds.length,
    at: new Date(),
    isDeleted: false,
  }));
  await insertTeams(client, applicationId, teams);
  const rows = teams.flatMap(({ id }) =>
    userIds.map((user, index) => ({ team: id, user, role: index === 0 ? 'owner' : 'viewer', inviter: null })),
  );
  await inBatches(rows, (batch) => insertMembers(client, applicationId, batch, new Date()));
  await client.query('RESET session_replication_role');
  await client.query('VACUUM (ANALYZE) teams, team_members');
  await client.query('SELECT pg_notify($1, $2)', [
    'countersign_teams_changed',
    `application:${applicationId}`,
  ]);
}
