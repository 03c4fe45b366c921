import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, insertJsonRows, rows, type JsonRow } from '@countersign/database';
import type { ReturnPair } from './account-data';

/** What a merge changes of two accounts. */
export interface MergedUsers {
  /** The row of the loser, without the data key. */
  readonly user: JsonRow;
  /** How the identities of the loser were attached. */
  readonly attachments: readonly JsonRow[];
  /** Of the survivor: the row, and the visits of applications that both had been in. */
  readonly former: JsonRow;
  readonly visits: readonly JsonRow[];
}

const RECALL = `
  SELECT to_jsonb(u) - 'data_key' AS user,
    (SELECT to_jsonb(s) - 'data_key' FROM users s WHERE s.id = $2) AS former,
    COALESCE((SELECT jsonb_agg(jsonb_build_object('id', id, 'cap', cap, 'attached_at', attached_at,
      'attached_by', attached_by, 'attached_with', attached_with)) FROM identities WHERE user_id = $1), '[]') AS attachments,
    COALESCE((SELECT jsonb_agg(to_jsonb(own)) FROM user_applications own JOIN user_applications lost
      ON lost.application_id = own.application_id AND lost.user_id = $1 WHERE own.user_id = $2), '[]') AS visits
  FROM users u WHERE u.id = $1`;
const RESTORE_ATTACHMENTS = `
  UPDATE identities i SET cap = former.cap, attached_at = former.attached_at, attached_by = former.attached_by,
    attached_with = former.attached_with
  FROM jsonb_populate_recordset(NULL::identities, $2::jsonb) AS former WHERE i.id = former.id AND i.user_id = $1`;

/** The survivor's (`$1`) is as before (`$2`), but for what was set since the merge (`$3`). */
const RESTORE_SURVIVOR = `
  UPDATE users SET
    auth_not_before = CASE WHEN users.auth_not_before >= $3 THEN users.auth_not_before ELSE former.auth_not_before END,
    applications_not_before = CASE WHEN users.applications_not_before >= $3 THEN users.applications_not_before
      ELSE former.applications_not_before END,
    updated_at = CASE WHEN users.updated_at > $3 THEN users.updated_at ELSE former.updated_at END
  FROM jsonb_populate_record(NULL::users, $2::jsonb) AS former WHERE users.id = $1`;
const RESTORE_VISITS = `
  UPDATE user_applications own SET first_seen_on = former.first_seen_on,
    not_before = CASE WHEN own.not_before >= $3 THEN own.not_before ELSE former.not_before END
  FROM jsonb_populate_recordset(NULL::user_applications, $2::jsonb) AS former
  WHERE own.user_id = $1 AND own.application_id = former.application_id`;

/** What has outdated proofs of the survivor (`$1`) since the merge (`$3`) outdates those of the account that returns (`$2`). */
const OUTDATE = `
  UPDATE users returned SET
    auth_not_before = GREATEST(returned.auth_not_before,
      CASE WHEN survivor.auth_not_before >= $3 THEN survivor.auth_not_before END),
    applications_not_before = GREATEST(returned.applications_not_before,
      CASE WHEN survivor.applications_not_before >= $3 THEN survivor.applications_not_before END)
  FROM users survivor WHERE survivor.id = $1 AND returned.id = $2`;
const OUTDATE_VISITS = `
  INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on, not_before)
  SELECT $2, application_id, first_seen_on, last_seen_on, not_before FROM user_applications
  WHERE user_id = $1 AND not_before >= $3
  ON CONFLICT (user_id, application_id) DO UPDATE SET not_before = GREATEST(user_applications.not_before, excluded.not_before)`;

/** Accounts that are merged and return. The caller holds the locks of the users. */
@Injectable()
export class MergedUsersRepository {
  async recall(tx: EntityManager, loserId: string, survivorId: string): Promise<MergedUsers> {
    const found = await firstRow<MergedUsers>(tx, RECALL, [loserId, survivorId]);
    if (!found) throw new Error('the row of a locked user is gone');
    return found;
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
    { survivor, returning, joinedAt }: ReturnPair,
    { attachments, former, visits }: MergedUsers,
  ): Promise<void> {
    const both = [survivor.userId, returning.userId, joinedAt];
    await tx.query(RESTORE_ATTACHMENTS, [returning.userId, JSON.stringify(attachments)]);
    await tx.query(OUTDATE, both);
    await tx.query(OUTDATE_VISITS, both);
    await tx.query(RESTORE_VISITS, [survivor.userId, JSON.stringify(visits), joinedAt]);
    await tx.query(RESTORE_SURVIVOR, [survivor.userId, JSON.stringify(former), joinedAt]);
  }
}
