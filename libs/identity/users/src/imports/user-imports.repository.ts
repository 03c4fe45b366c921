import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { IdentityEntity } from '../store/identity.entity';
import { UserEntity } from '../store/user.entity';

/** Tables with rows of an account that is not used yet. They are deleted with it. */
const OWN_TABLES = ['identities', 'identity_digests', 'lookup_digests', 'imported_identities'];

/** Locks accounts in the order of their ids, after sign-ins in progress. */
const LOCK = `
  SELECT u.id FROM users u JOIN identities i ON i.user_id = u.id
  WHERE i.id = ANY($1::uuid[]) ORDER BY u.id FOR UPDATE OF u`;

/** Columns of other tables with a foreign key to an account or an identity. */
const REFERENCES = `
  SELECT c.conrelid::regclass::text AS "table", own.attname AS "column", c.confrelid::regclass::text AS target
  FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS key (own, other)
  JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attnum = key.own
  JOIN pg_attribute other ON other.attrelid = c.confrelid AND other.attnum = key.other AND other.attname = 'id'
  WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN ('users'::regclass, 'identities'::regclass)
    AND c.conrelid::regclass::text <> ALL($1::text[])
  ORDER BY 1, 2`;

/** An account with its one identity. */
export interface ImportedUser {
  readonly userId: string;
  readonly identityId: string;
}

interface Reference {
  readonly table: string;
  readonly column: string;
  readonly target: 'users' | 'identities';
}

/** Deletes accounts that are not used yet. */
@Injectable()
export class UserImportsRepository {
  async lock(tx: EntityManager, identityIds: readonly string[]): Promise<void> {
    await tx.query(LOCK, [identityIds]);
  }

  /** A statement of its own after the locks, so that it sees what those sign-ins wrote. */
  async untouched(tx: EntityManager, identityIds: readonly string[]): Promise<readonly ImportedUser[]> {
    const references = await rows<Reference>(tx, REFERENCES, [OWN_TABLES]);
    const unnamed = references.map(
      ({ table, column, target }) =>
        `AND NOT EXISTS (SELECT FROM ${table} r WHERE r.${column} = ${target === 'users' ? 'u' : 'i'}.id)`,
    );
    return rows<ImportedUser>(
      tx,
      `SELECT i.id AS "identityId", u.id AS "userId" FROM identities i JOIN users u ON u.id = i.user_id
       WHERE i.id = ANY($1::uuid[]) AND u.status = 'active' AND u.erasure IS NULL AND NOT u.has_profile
         AND u.platform_proven_at IS NULL AND u.auth_not_before IS NULL
         AND i.updated_at = u.created_at AND i.created_at = u.created_at
         AND NOT EXISTS (SELECT FROM identities another WHERE another.user_id = u.id AND another.id <> i.id)
         ${unnamed.join('\n         ')}`,
      [identityIds],
    );
  }

  async delete(tx: EntityManager, untouched: readonly ImportedUser[]): Promise<void> {
    if (untouched.length === 0) return;
    await tx.delete(IdentityEntity, { id: Any(untouched.map(({ identityId }) => identityId)) });
    await tx.delete(UserEntity, { id: Any(untouched.map(({ userId }) => userId)) });
  }
}
