import type { SealedProfile } from './profile-sealing';
import type { ProfileField, UserStatus } from './user';

/** An identity with its user. */
export type IdentityRow = SealedProfile & {
  readonly userId: string;
  readonly status: UserStatus;
  readonly dataKey: string;
  readonly auditPseudonym: string;
  readonly userCreatedAt: Date;
  readonly identityId: string;
  readonly provider: string;
  readonly environment: string;
  readonly subject: string;
  readonly profileMadeAt: Date;
  readonly phoneMadeAt: Date | null;
  readonly assertedFields: readonly ProfileField[];
  readonly authNotBefore: Date | null;
  readonly createdAt: Date;
};

/** An identity with its user, named as in `IdentityRow`. */
export const IDENTITY_COLUMNS = `
  u.id AS "userId", u.status, u.data_key AS "dataKey", u.audit_pseudonym AS "auditPseudonym",
  u.created_at AS "userCreatedAt", i.id AS "identityId", i.provider, i.environment, i.subject,
  i.first_name AS "firstName", i.last_name AS "lastName", i.username, i.photo_url AS "photoUrl",
  i.language_code AS "languageCode", i.phone_number AS "phoneNumber", i.phone_made_at AS "phoneMadeAt",
  i.asserted_fields AS "assertedFields",
  i.profile_made_at AS "profileMadeAt", u.auth_not_before AS "authNotBefore", i.created_at AS "createdAt"`;

/**
 * Locks the user: sign-ins of one person and changes of their status wait for each other. Locks the identity too, so that
 * whoever had to wait reads what stands there now, and not in the snapshot of before. Written so that every plan goes from
 * the digest, whatever the planner believes, see ADR 0024.
 */
export const lockByDigests = (waits: boolean): string => `
  SELECT found.*, wanted.key_id AS "keyId", wanted.digest
  FROM unnest($1::text[], $2::bytea[]) AS wanted (key_id, digest) CROSS JOIN LATERAL (
    SELECT ${IDENTITY_COLUMNS} FROM identity_digests d
    JOIN identities i ON i.id = d.identity_id
    JOIN users u ON u.id = i.user_id
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    FOR NO KEY UPDATE OF u, i ${waits ? '' : 'SKIP LOCKED'}
  ) AS found`;

/** Who has the identity, without a lock. */
export const FIND_BY_DIGESTS = `
  SELECT found.*
  FROM unnest($1::text[], $2::bytea[]) AS wanted (key_id, digest) CROSS JOIN LATERAL (
    SELECT u.id AS "userId", i.id AS "identityId", u.status, u.auth_not_before AS "authNotBefore"
    FROM identity_digests d
    JOIN identities i ON i.id = d.identity_id
    JOIN users u ON u.id = i.user_id
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
    OFFSET 0
  ) AS found
  LIMIT 1`;

/**
 * The digests decide: whoever inserts all of an identity's makes its user, everybody else inserts nothing at all, or fails
 * by the foreign key of a digest, which is checked at the end of the statement, when all rows are there.
 */
export const INSERT_USERS_IF_FIRST = `
  WITH wanted AS (
    SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
      $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::text[], $17::text[], $18::uuid[])
      AS person (identity_id, user_id, provider, environment, subject, first_name, last_name, username, photo_url,
        language_code, phone_number, phone_made_at, profile_made_at, asserted_fields, data_key, audit_pseudonym)
  ), claimed AS (
    INSERT INTO identity_digests (key_id, digest, identity_id)
    SELECT key_id, digest, identity_id FROM unnest($1::text[], $2::bytea[], $19::uuid[]) AS new (key_id, digest, identity_id)
    ORDER BY key_id, digest ON CONFLICT DO NOTHING RETURNING identity_id
  ), first AS (
    SELECT identity_id FROM claimed GROUP BY identity_id HAVING count(*) = $20::int
  ), new_users AS (
    INSERT INTO users (id, status, data_key, audit_pseudonym, created_at, updated_at)
    SELECT user_id, 'active', data_key, audit_pseudonym, $21::timestamptz, $21 FROM wanted JOIN first USING (identity_id)
  ), new_identities AS (
    INSERT INTO identities (id, user_id, provider, environment, subject, first_name, last_name, username, photo_url,
      language_code, phone_number, phone_made_at, profile_made_at, asserted_fields, created_at, updated_at)
    SELECT identity_id, user_id, provider, environment, subject, first_name, last_name, username, photo_url,
      language_code, phone_number, phone_made_at, profile_made_at,
      ARRAY(SELECT jsonb_array_elements_text(asserted_fields::jsonb)), $21::timestamptz, $21
    FROM wanted JOIN first USING (identity_id)
  )
  SELECT identity_id AS "identityId" FROM first`;

/** One more identity of a user that exists; nothing when somebody has it. */
export const INSERT_IDENTITY_IF_FIRST = `
  WITH claimed AS (
    INSERT INTO identity_digests (key_id, digest, identity_id)
    SELECT key_id, digest, $3::uuid FROM unnest($1::text[], $2::bytea[]) AS new (key_id, digest) ORDER BY key_id
    ON CONFLICT DO NOTHING RETURNING 1
  ), is_first AS (
    SELECT 1 WHERE (SELECT count(*) FROM claimed) = cardinality($1)
  ), new_identity AS (
    INSERT INTO identities (id, user_id, provider, environment, subject, first_name, last_name, username, photo_url,
      language_code, phone_number, phone_made_at, profile_made_at, asserted_fields, created_at, updated_at)
    SELECT $3::uuid, $4::uuid, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::timestamptz, $15::timestamptz,
      ARRAY(SELECT jsonb_array_elements_text($16::jsonb)), $17::timestamptz, $17 FROM is_first
  )
  SELECT count(*)::int AS count FROM claimed`;

export const PUT_ALIAS = `
  INSERT INTO identity_aliases (identity_id, issuer, audience, subject, created_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (identity_id, issuer, audience) DO UPDATE SET subject = excluded.subject`;
