import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertJsonRows, rows, type JsonRow } from '@countersign/database';
import type { ReturnPair } from './account-data';

/** One of two accounts that are merged. */
interface MergedUser {
  /** The row, without the data key. */
  readonly user: JsonRow;
  /** Of the applications that the loser has been in. */
  readonly visits: readonly JsonRow[];
  /** How the identities were attached. */
  readonly attachments: readonly JsonRow[];
}

/** The loser, and the survivor before and after the merge. */
export interface MergedUsers {
  readonly own: MergedUser;
  readonly former: MergedUser;
  readonly merged: MergedUser;
}

const RECALL = `
  SELECT to_jsonb(u) - 'data_key' AS user,
    COALESCE((SELECT jsonb_agg(to_jsonb(v)) FROM user_applications v WHERE v.user_id = u.id
      AND v.application_id IN (SELECT application_id FROM user_applications WHERE user_id = $1)), '[]') AS visits,
    COALESCE((SELECT jsonb_agg(jsonb_build_object('id', id, 'cap', cap, 'attached_at', attached_at,
      'attached_by', attached_by, 'attached_with', attached_with)) FROM identities WHERE user_id = u.id), '[]') AS attachments
  FROM users u WHERE u.id = ANY($2::uuid[]) ORDER BY u.id <> $1`;
const RESTORE_ATTACHMENTS = `
  UPDATE identities i SET cap = former.cap, attached_at = former.attached_at, attached_by = former.attached_by,
    attached_with = former.attached_with
  FROM jsonb_populate_recordset(NULL::identities, $2::jsonb) AS former WHERE i.id = former.id AND i.user_id = $1`;

/** Of a row of the survivor: the former value (`former`), where it is as the merge (`merged`) left it. */
const restored = (table: string, columns: readonly string[]): string =>
  columns
    .map(
      (name) =>
        `${name} = CASE WHEN ${table}.${name} IS DISTINCT FROM merged.${name} THEN ${table}.${name} ELSE former.${name} END`,
    )
    .join(', ');

/** The survivor's (`$1`) row becomes what it was (`$2`), as far as it is as the merge left it (`$3`). */
const RESTORE_SURVIVOR = `
  UPDATE users SET ${restored('users', ['auth_not_before', 'applications_not_before', 'updated_at'])}
  FROM jsonb_populate_record(NULL::users, $2::jsonb) AS former, jsonb_populate_record(NULL::users, $3::jsonb) AS merged
  WHERE users.id = $1`;
const RESTORE_VISITS = `
  UPDATE user_applications own SET ${restored('own', ['first_seen_on', 'last_seen_on', 'not_before', 'weak_not_before'])}
  FROM jsonb_populate_recordset(NULL::user_applications, $2::jsonb) AS former
  JOIN jsonb_populate_recordset(NULL::user_applications, $3::jsonb) AS merged USING (application_id)
  WHERE own.user_id = $1 AND own.application_id = former.application_id`;
/** Visits that the survivor (`$1`) had not made before (`$2`), and not since the merge (`$3`). */
const TAKE_VISITS = `
  DELETE FROM user_applications own USING jsonb_array_elements($3::jsonb) AS merged
  WHERE own.user_id = $1 AND to_jsonb(own) = merged.value AND NOT EXISTS (
    SELECT FROM jsonb_populate_recordset(NULL::user_applications, $2::jsonb) AS former
    WHERE former.application_id = own.application_id
  )`;

/** What has outdated proofs of the survivor (`$1`) since the merge (`$3`) outdates those of the account that returns (`$2`). */
const OUTDATE = `
  UPDATE users returned SET
    auth_not_before = GREATEST(returned.auth_not_before,
      CASE WHEN survivor.auth_not_before IS DISTINCT FROM merged.auth_not_before THEN survivor.auth_not_before END),
    applications_not_before = GREATEST(returned.applications_not_before,
      CASE WHEN survivor.applications_not_before IS DISTINCT FROM merged.applications_not_before
      THEN survivor.applications_not_before END)
  FROM users survivor, jsonb_populate_record(NULL::users, $3::jsonb) AS merged
  WHERE survivor.id = $1 AND returned.id = $2`;
const OUTDATE_VISITS = `
  INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on, not_before, weak_not_before)
  SELECT $2, own.application_id, own.first_seen_on, own.last_seen_on, own.not_before, own.weak_not_before
  FROM user_applications own
  LEFT JOIN jsonb_populate_recordset(NULL::user_applications, $3::jsonb) AS merged USING (application_id)
  WHERE own.user_id = $1 AND COALESCE(own.not_before, own.weak_not_before) IS NOT NULL
    AND (own.not_before, own.weak_not_before) IS DISTINCT FROM (merged.not_before, merged.weak_not_before)
  ON CONFLICT (user_id, application_id) DO UPDATE SET
    not_before = GREATEST(user_applications.not_before, excluded.not_before),
    weak_not_before = GREATEST(user_applications.weak_not_before, excluded.weak_not_before)`;

/** Accounts that are merged and return. The caller holds the locks of the users. */
@Injectable()
export class MergedUsersRepository {
  /** @returns the loser, and the survivor as it is now */
  async recall(
    tx: EntityManager,
    loserId: string,
    survivorId: string,
  ): Promise<readonly [own: MergedUser, survivor: MergedUser]> {
    const [own, survivor] = await rows<MergedUser>(tx, RECALL, [loserId, [loserId, survivorId]]);
    if (!own || !survivor) throw new Error('the row of a locked user is gone');
    return [own, survivor];
  }

  /** The alias becomes an account again. @returns whether there was the alias */
  async reopen(tx: EntityManager, user: JsonRow, survivorId: string): Promise<boolean> {
    const { id } = user;
    const alias = await rows(tx, 'DELETE FROM user_aliases WHERE id = $1 AND user_id = $2 RETURNING 1', [
      id,
      survivorId,
    ]);
    if (alias.length === 0) return false;
    await insertJsonRows(tx, 'users', [user]);
    return true;
  }

  async restore(
    tx: EntityManager,
    { survivor: { userId }, returning }: ReturnPair,
    { own, former, merged }: MergedUsers,
  ): Promise<void> {
    const visits = [JSON.stringify(former.visits), JSON.stringify(merged.visits)];
    await tx.query(RESTORE_ATTACHMENTS, [returning.userId, JSON.stringify(own.attachments)]);
    await tx.query(OUTDATE, [userId, returning.userId, JSON.stringify(merged.user)]);
    await tx.query(OUTDATE_VISITS, [userId, returning.userId, visits[1]]);
    await tx.query(TAKE_VISITS, [userId, ...visits]);
    await tx.query(RESTORE_VISITS, [userId, ...visits]);
    await tx.query(RESTORE_SURVIVOR, [userId, JSON.stringify(former.user), JSON.stringify(merged.user)]);
  }
}
