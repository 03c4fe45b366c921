import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, insertJsonRows, rows, type JsonRow } from '@countersign/database';
import type { ReturnPair } from './account-data';
import { COPY_NOT_BEFORE } from '../store/users.sql';

/** The account that is merged away, as it was. */
export interface MergedUser {
  /** The row, without the data key. */
  readonly user: JsonRow;
  /** How the identities were attached. */
  readonly attachments: readonly JsonRow[];
}

const RECALL = `
  SELECT to_jsonb(u) - 'data_key' AS user,
    COALESCE((SELECT jsonb_agg(jsonb_build_object('id', id, 'cap', cap, 'attached_at', attached_at,
      'attached_by', attached_by, 'attached_with', attached_with)) FROM identities WHERE user_id = u.id), '[]') AS attachments
  FROM users u WHERE u.id = $1`;
const RESTORE_ATTACHMENTS = `
  UPDATE identities i SET cap = former.cap, attached_at = former.attached_at, attached_by = former.attached_by,
    attached_with = former.attached_with
  FROM jsonb_populate_recordset(NULL::identities, $2::jsonb) AS former WHERE i.id = former.id AND i.user_id = $1`;

/** What outdates proofs of the survivor (`$1`) outdates those of the account that returns (`$2`): it may have been set since. */
const OUTDATE = `
  UPDATE users returned SET
    auth_not_before = GREATEST(returned.auth_not_before, survivor.auth_not_before),
    applications_not_before = GREATEST(returned.applications_not_before, survivor.applications_not_before)
  FROM users survivor WHERE survivor.id = $1 AND returned.id = $2`;

/** Accounts that are merged and return. The caller holds the locks of the users. */
@Injectable()
export class MergedUsersRepository {
  async recall(tx: EntityManager, loserId: string): Promise<MergedUser> {
    const own = await firstRow<MergedUser>(tx, RECALL, [loserId]);
    if (!own) throw new Error('the row of a locked user is gone');
    return own;
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

  /** The survivor keeps the visits of both. */
  async restore(
    tx: EntityManager,
    { survivor, returning }: ReturnPair,
    { attachments }: MergedUser,
  ): Promise<void> {
    await tx.query(RESTORE_ATTACHMENTS, [returning.userId, JSON.stringify(attachments)]);
    await tx.query(OUTDATE, [survivor.userId, returning.userId]);
    await tx.query(COPY_NOT_BEFORE, [survivor.userId, returning.userId]);
  }
}
