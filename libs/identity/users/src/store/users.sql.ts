import type { Assurance } from '../assurance';
import type { IdentityTrust } from '../user';
import { BLIND_INDEX, columns, columnsOf, lockingStatement, type RowOf } from '@countersign/database';
import { IS_LOOKED_UP } from '../lookup/lookup-digests.repository';
import { IdentityDigestEntity, IdentityEntity } from './identity.entity';
import { UserApplicationEntity, UserEntity } from './user.entity';

export const NEW_IDENTITY = columnsOf(IdentityEntity).omit('createdAt', 'updatedAt');
export type NewIdentity = RowOf<typeof NEW_IDENTITY>;

export const PROFILE = NEW_IDENTITY.pick(
  'content',
  'storedFields',
  'assertedFields',
  'platformFields',
  'profileMadeAt',
  'phoneMadeAt',
);

export const CHANGED_PROFILE = NEW_IDENTITY.pick('id')
  .and(columns<{ readonly isRenamed: boolean }>({ isRenamed: 'boolean' }))
  .and(PROFILE);

export const NEW_PERSON = NEW_IDENTITY.and(
  columnsOf(UserEntity).pick('dataKey', 'auditPseudonym', 'platformProvenAt'),
);
export type NewPerson = RowOf<typeof NEW_PERSON>;

export const WANTED = BLIND_INDEX.and(columnsOf(UserApplicationEntity).pick('applicationId'));

export const SEEN = columnsOf(UserApplicationEntity).pick('userId', 'applicationId');

export const IDENTITY_DIGEST = columnsOf(IdentityDigestEntity);

export interface TrustRow {
  readonly cap: Assurance;
  readonly attachedAt: Date | null;
  readonly provenAt: Date | null;
}

export const TRUST_COLUMNS = `i.cap, i.attached_at AS "attachedAt", u.platform_proven_at AS "provenAt"`;

/** No link or merge attached the founding identity. */
export function trustOf({ cap, attachedAt, provenAt }: TrustRow): IdentityTrust {
  return { cap, isFounding: attachedAt === null, isProven: provenAt !== null };
}

export type IdentityRow = TrustRow &
  RowOf<typeof PROFILE> &
  Readonly<Pick<IdentityEntity, 'userId' | 'provider' | 'environment'>> &
  Readonly<Pick<UserEntity, 'status' | 'isClosed' | 'dataKey' | 'auditPseudonym'>> & {
    readonly identityId: string;
  };

/** The instant from which a user's proofs count in an application, and the last visit's day (`2026-11-20`, in UTC). */
export interface Visit {
  readonly authNotBefore: Date | null;
  readonly lastSeenOn: string | null;
}

export const IDENTITY_COLUMNS = `
  u.id AS "userId", u.status, u.is_closed AS "isClosed", u.data_key AS "dataKey", u.audit_pseudonym AS "auditPseudonym",
  i.id AS "identityId", i.provider, i.environment, i.content, i.stored_fields AS "storedFields", i.phone_made_at AS "phoneMadeAt",
  i.asserted_fields AS "assertedFields", i.platform_fields AS "platformFields",
  i.profile_made_at AS "profileMadeAt", ${TRUST_COLUMNS}`;

/** For all people of a database that was restored, or that may have been. */
export const PROOFS_NOT_BEFORE = '(SELECT GREATEST(disputed_since, proofs_not_before) FROM installation)';

const VISIT_COLUMNS = `
  GREATEST(u.auth_not_before, visits.not_before, ${PROOFS_NOT_BEFORE}) AS "authNotBefore", to_char(visits.last_seen_on, 'YYYY-MM-DD') AS "lastSeenOn"`;
/** Whether `not_before` may have changed since the statement began, because its row is not locked. */
const VISIT_DOUBT = `
  COALESCE(u.applications_not_before > COALESCE(visits.not_before, '-infinity'), false) AS "isVisitDoubtful"`;
const VISITS = `
  LEFT JOIN user_applications visits ON visits.user_id = u.id AND visits.application_id = wanted.application_id`;

/**
 * Locks the user, so that sign-ins of one person and changes of their status wait for each other. It locks the identity
 * too, so that a statement that had to wait reads the current row, not its snapshot. Every plan starts from the digest,
 * whatever the planner's statistics are (ADR 0024).
 */
export const LOCK_BY_DIGESTS = lockingStatement(
  (skip) => `
  SELECT found.*, wanted.key_id AS "keyId", wanted.digest
  FROM (${WANTED.unnest()}) AS wanted CROSS JOIN LATERAL (
    SELECT ${IDENTITY_COLUMNS}, ${VISIT_COLUMNS}, ${VISIT_DOUBT} FROM identity_digests d
    JOIN identities i ON i.id = d.identity_id
    JOIN users u ON u.id = i.user_id ${VISITS}
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    FOR NO KEY UPDATE OF u, i ${skip}
  ) AS found`,
);

export const FIND_OWNERS = `
  SELECT wanted.key_id AS "keyId", wanted.digest, i.user_id AS "userId"
  FROM (${BLIND_INDEX.unnest()}) AS wanted
  JOIN identity_digests d ON d.key_id = wanted.key_id AND d.digest = wanted.digest
  JOIN identities i ON i.id = d.identity_id`;

export const FIND_BY_DIGESTS = `
  SELECT found.*
  FROM (${WANTED.unnest()}) AS wanted CROSS JOIN LATERAL (
    SELECT u.id AS "userId", i.id AS "identityId", u.status, u.is_closed AS "isClosed", ${VISIT_COLUMNS}, ${VISIT_DOUBT}, ${TRUST_COLUMNS}
    FROM identity_digests d
    JOIN identities i ON i.id = d.identity_id
    JOIN users u ON u.id = i.user_id ${VISITS}
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    OFFSET 0
  ) AS found
  LIMIT 1`;

/**
 * The digests decide a race. The statement that inserts all digests of an identity creates its user. Other statements
 * insert nothing, or fail by the foreign key of a digest, which PostgreSQL checks at the end of the statement.
 *
 * The parameters are the instant, the number of digests per identity, `IDENTITY_DIGEST` and `NEW_PERSON`.
 */
export const INSERT_USERS_IF_FIRST = `
  WITH wanted AS (
    ${NEW_PERSON.unnest(3 + IDENTITY_DIGEST.count)}
  ), claimed AS (
    INSERT INTO identity_digests (${IDENTITY_DIGEST.names}) ${IDENTITY_DIGEST.unnest(3)}
    ORDER BY key_id, digest ON CONFLICT DO NOTHING RETURNING identity_id
  ), first AS (
    SELECT identity_id FROM claimed GROUP BY identity_id HAVING count(*) = $2::int
  ), new_users AS (
    INSERT INTO users (id, status, data_key, audit_pseudonym, platform_proven_at, created_at, updated_at)
    SELECT user_id, 'active', data_key, audit_pseudonym, platform_proven_at, $1::timestamptz, $1
    FROM wanted JOIN first ON first.identity_id = wanted.id
  ), new_identities AS (
    INSERT INTO identities (${NEW_IDENTITY.names}, created_at, updated_at)
    SELECT ${NEW_IDENTITY.names}, $1::timestamptz, $1 FROM wanted JOIN first ON first.identity_id = wanted.id
  )
  SELECT identity_id AS "identityId", ${PROOFS_NOT_BEFORE} AS "authNotBefore", ${IS_LOOKED_UP} FROM first`;

/** Inserts nothing if the identity has a user already. The parameters are its digests, its id, the instant and row. */
export const INSERT_IDENTITY_IF_FIRST = `
  WITH claimed AS (
    INSERT INTO identity_digests (${BLIND_INDEX.names}, identity_id)
    SELECT new.*, $3::uuid FROM (${BLIND_INDEX.unnest()}) AS new ORDER BY key_id
    ON CONFLICT DO NOTHING RETURNING 1
  ), is_first AS (
    SELECT 1 WHERE (SELECT count(*) FROM claimed) = cardinality($1)
  ), new_identity AS (
    INSERT INTO identities (created_at, updated_at, ${NEW_IDENTITY.names})
    SELECT $4::timestamptz, $4, ${NEW_IDENTITY.parameters(5)} FROM is_first
  )
  SELECT count(*)::int AS count, ${IS_LOOKED_UP} FROM claimed`;

/** Deletes the digests of a former username. The parameters are the instant and the batch of `CHANGED_PROFILE`. */
export const UPDATE_PROFILES = `
  WITH changed AS (
    ${CHANGED_PROFILE.unnest(2)}
  ), former AS (
    DELETE FROM lookup_digests WHERE identity_id = ANY(ARRAY(SELECT id FROM changed WHERE is_renamed))
  )
  UPDATE identities i SET updated_at = $1, ${PROFILE.assignedFrom('changed')}
  FROM changed WHERE i.id = changed.id RETURNING ${IS_LOOKED_UP}`;

export const INSERT_DIGESTS = `
  INSERT INTO identity_digests (${IDENTITY_DIGEST.names}) ${IDENTITY_DIGEST.unnest()} ON CONFLICT DO NOTHING`;

/** The parameters are the day in UTC and the batch of `SEEN`. */
export const NOTE_SEEN = `
  INSERT INTO user_applications (${SEEN.names}, first_seen_on, last_seen_on)
  SELECT ${SEEN.names}, $1::date, $1::date FROM (${SEEN.unnest(2)}) AS seen ORDER BY user_id, application_id
  ON CONFLICT (user_id, application_id) DO UPDATE SET last_seen_on = excluded.last_seen_on
  WHERE user_applications.last_seen_on < excluded.last_seen_on`;

/** Like `NOTE_SEEN`, but needs and awaits no lock of the user: a locked row keeps its day until the next visit. */
export const NOTE_RETURNED = `
  UPDATE user_applications SET last_seen_on = $1::date FROM (
    SELECT visits.user_id, visits.application_id
    FROM (${SEEN.unnest(2)}) AS seen JOIN user_applications visits USING (user_id, application_id)
    WHERE visits.last_seen_on < $1::date
    FOR NO KEY UPDATE OF visits SKIP LOCKED
  ) AS free
  WHERE user_applications.user_id = free.user_id AND user_applications.application_id = free.application_id`;

export const FIND_VISITED = `
  SELECT visits.user_id AS "userId"
  FROM (${SEEN.unnest()}) AS seen JOIN user_applications visits USING (user_id, application_id)`;

/** The parameters are the user, the application, and whether the proof is weak. */
export const READ_NOT_BEFORE = `
  SELECT GREATEST(u.auth_not_before, visits.not_before, CASE WHEN $3::boolean THEN visits.weak_not_before END, ${PROOFS_NOT_BEFORE}) AS "authNotBefore"
  FROM users u LEFT JOIN user_applications visits ON visits.user_id = u.id AND visits.application_id = $2
  WHERE u.id = $1`;

/** The parameters are the user, the application, the day in UTC and the instant. */
const setNotBefore = (column: 'not_before' | 'weak_not_before'): string => `
  WITH noted AS (
    UPDATE users SET applications_not_before = GREATEST(applications_not_before, $4) WHERE id = $1
  )
  INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on, ${column})
  VALUES ($1, $2, $3::date, $3::date, $4)
  ON CONFLICT (user_id, application_id) DO UPDATE SET ${column} = GREATEST(user_applications.${column}, $4)`;

export const SET_NOT_BEFORE = { all: setNotBefore('not_before'), weak: setNotBefore('weak_not_before') };

const LATER_NOT_BEFORE = `
  ON CONFLICT (user_id, application_id) DO UPDATE SET
    not_before = GREATEST(user_applications.not_before, excluded.not_before),
    weak_not_before = GREATEST(user_applications.weak_not_before, excluded.weak_not_before)`;

export const COMBINE_SEEN = `
  INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on, not_before, weak_not_before)
  SELECT $2, application_id, first_seen_on, last_seen_on, not_before, weak_not_before
  FROM user_applications WHERE user_id = $1
  ${LATER_NOT_BEFORE},
    first_seen_on = LEAST(user_applications.first_seen_on, excluded.first_seen_on),
    last_seen_on = GREATEST(user_applications.last_seen_on, excluded.last_seen_on)`;

export const MERGE_NOT_BEFORE = `
  UPDATE users survivor SET
    auth_not_before = GREATEST(survivor.auth_not_before, loser.auth_not_before),
    applications_not_before = GREATEST(survivor.applications_not_before, loser.applications_not_before)
  FROM users loser WHERE survivor.id = $2 AND loser.id = $1`;

/** Gives the user that is split off or returns (`$2`) the instants of `$1`, unless its own are later. */
export const COPY_NOT_BEFORE = `
  INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on, not_before, weak_not_before)
  SELECT $2, application_id, first_seen_on, last_seen_on, not_before, weak_not_before
  FROM user_applications WHERE user_id = $1 AND COALESCE(not_before, weak_not_before) IS NOT NULL
  ${LATER_NOT_BEFORE}`;

export const COUNT_OF_USER = `
  SELECT (SELECT count(*)::int FROM identities WHERE user_id = $1) AS identities,
         (SELECT count(*)::int FROM identity_digests d JOIN identities i ON i.id = d.identity_id
          WHERE i.user_id = $1) AS "identityDigests"`;
