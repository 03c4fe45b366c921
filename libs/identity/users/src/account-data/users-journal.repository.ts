import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  firstRow,
  insertJsonRows,
  jsonRows,
  restoreJsonRows,
  rows,
  type JsonRow,
} from '@countersign/database';
import type { MergeRecord } from './account-data';

/** The rows of one account that a merge changes. */
export interface UserState {
  /** Without the data key. */
  readonly user: JsonRow;
  /** Ids of accounts that were merged into it before. */
  readonly aliases: readonly string[];
  readonly visits: readonly JsonRow[];
  /** How the identities were attached. */
  readonly attachments: readonly JsonRow[];
}

const USER = `SELECT to_jsonb(u) - 'data_key' AS row FROM users u WHERE id = $1`;
const ATTACHMENTS = `
  SELECT jsonb_build_object('id', id, 'cap', cap, 'attached_at', attached_at, 'attached_by', attached_by,
    'attached_with', attached_with) AS row FROM identities WHERE user_id = $1 ORDER BY id`;
const RESTORE_ATTACHMENTS = `
  UPDATE identities i SET cap = former.cap, attached_at = former.attached_at, attached_by = former.attached_by,
    attached_with = former.attached_with
  FROM jsonb_populate_recordset(NULL::identities, $2::jsonb) AS former WHERE i.id = former.id AND i.user_id = $1`;

/** Of the survivor `$1`: what the merge (`$3`) changed, and nothing else since, is as before (`$2`). */
const RESTORE_USER = `
  UPDATE users SET
    auth_not_before = CASE WHEN users.auth_not_before IS NOT DISTINCT FROM merged.auth_not_before
      THEN former.auth_not_before ELSE users.auth_not_before END,
    applications_not_before = CASE
      WHEN users.applications_not_before IS NOT DISTINCT FROM merged.applications_not_before
      THEN former.applications_not_before ELSE users.applications_not_before END,
    updated_at = CASE WHEN users.updated_at = merged.updated_at THEN former.updated_at ELSE users.updated_at END
  FROM jsonb_populate_record(NULL::users, $2::jsonb) AS former,
    jsonb_populate_record(NULL::users, $3::jsonb) AS merged
  WHERE users.id = $1`;

/** What has outdated proofs of the survivor (`$1`) since the merge outdates those of the account that returns (`$2`). */
const OUTDATE = `
  UPDATE users returned SET
    auth_not_before = CASE WHEN survivor.auth_not_before IS DISTINCT FROM ($3::jsonb ->> 'auth_not_before')::timestamptz
      THEN GREATEST(returned.auth_not_before, survivor.auth_not_before) ELSE returned.auth_not_before END,
    applications_not_before = CASE
      WHEN survivor.applications_not_before IS DISTINCT FROM ($3::jsonb ->> 'applications_not_before')::timestamptz
      THEN GREATEST(returned.applications_not_before, survivor.applications_not_before)
      ELSE returned.applications_not_before END
  FROM users survivor WHERE survivor.id = $1 AND returned.id = $2`;
const OUTDATE_VISITS = `
  INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on, not_before)
  SELECT $2, visits.application_id, visits.first_seen_on, visits.last_seen_on, visits.not_before
  FROM user_applications visits
  LEFT JOIN jsonb_populate_recordset(NULL::user_applications, $3::jsonb) AS merged USING (application_id)
  WHERE visits.user_id = $1 AND visits.not_before IS DISTINCT FROM merged.not_before AND visits.not_before IS NOT NULL
  ON CONFLICT (user_id, application_id) DO UPDATE SET not_before = GREATEST(user_applications.not_before, excluded.not_before)`;

/** Rows of accounts that were merged and return. The caller holds the locks of the users. */
@Injectable()
export class UsersJournalRepository {
  async recall(manager: EntityManager, userId: string): Promise<UserState> {
    const user = await firstRow<{ row: JsonRow }>(manager, USER, [userId]);
    if (!user) throw new Error('the row of a locked user is gone');
    const aliases = await rows<{ id: string }>(
      manager,
      'SELECT id FROM user_aliases WHERE user_id = $1 ORDER BY id',
      [userId],
    );
    const attachments = await rows<{ row: JsonRow }>(manager, ATTACHMENTS, [userId]);
    return {
      user: user.row,
      aliases: aliases.map(({ id }) => id),
      visits: await jsonRows(manager, 'user_applications', 'user_id = $1', userId),
      attachments: attachments.map(({ row }) => row),
    };
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

  async restoreAttachments(
    tx: EntityManager,
    userId: string,
    attachments: readonly JsonRow[],
  ): Promise<void> {
    await tx.query(RESTORE_ATTACHMENTS, [userId, JSON.stringify(attachments)]);
  }

  /** Former ids, visits, and from when on proofs count. */
  async restore(
    tx: EntityManager,
    { survivorId, returningId }: { readonly survivorId: string; readonly returningId: string },
    { survivor, loser, merged }: MergeRecord<UserState>,
  ): Promise<void> {
    await tx.query('UPDATE user_aliases SET user_id = $2 WHERE user_id = $1 AND id = ANY($3::uuid[])', [
      survivorId,
      returningId,
      loser.aliases,
    ]);
    await insertJsonRows(tx, 'user_applications', loser.visits);
    await tx.query(OUTDATE, [survivorId, returningId, JSON.stringify(merged.user)]);
    await tx.query(OUTDATE_VISITS, [survivorId, returningId, JSON.stringify(merged.visits)]);
    const own = { table: 'user_applications', column: 'user_id', value: survivorId };
    await restoreJsonRows(tx, own, { before: survivor.visits, after: merged.visits });
    await tx.query(RESTORE_USER, [survivorId, JSON.stringify(survivor.user), JSON.stringify(merged.user)]);
  }
}
