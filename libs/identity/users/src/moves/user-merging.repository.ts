import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import {
  KeyRing,
  rewrapDataKey,
  unwrapDataKey,
  type AssociatedData,
  type DataKey,
  type Sealed,
} from '@countersign/crypto';
import { firstRow, insertJsonRows, lockRow, lockRows, type JsonRow } from '@countersign/database';
import { dataKeyAad } from '../store/data-keys';
import { UserAliasEntity, UserEntity } from '../store/user.entity';
import { COPY_NOT_BEFORE } from '../store/users.sql';
import { lockedUserOf } from '../store/users.repository';
import type { LockedUser } from '../user';

export interface MergePair {
  readonly survivor: LockedUser;
  readonly loser: LockedUser & { readonly createdAt: Date };
}

/** A merged account that a separation restores. */
export interface ReturnPair {
  readonly survivor: LockedUser;
  readonly returning: LockedUser;
  readonly identityIds: readonly string[];
}

/** The former state of the account that is merged away. */
export interface MergedUser {
  /** The row without the data key. */
  readonly user: JsonRow;
  readonly attachments: readonly JsonRow[];
  /** The visits to applications that the survivor had not used. */
  readonly visits: readonly JsonRow[];
}

const RECALL = `
  SELECT to_jsonb(u) - 'data_key' AS user,
    COALESCE((SELECT jsonb_agg(jsonb_build_object('id', id, 'cap', cap, 'attached_at', attached_at,
      'attached_by', attached_by, 'attached_with', attached_with)) FROM identities WHERE user_id = u.id), '[]') AS attachments,
    COALESCE((SELECT jsonb_agg(to_jsonb(v)) FROM user_applications v WHERE v.user_id = u.id AND NOT EXISTS (SELECT FROM user_applications own
      WHERE own.user_id = $2 AND own.application_id = v.application_id)), '[]') AS visits
  FROM users u WHERE u.id = $1`;
const RESTORE_ATTACHMENTS = `
  UPDATE identities i SET cap = former.cap, attached_at = former.attached_at, attached_by = former.attached_by,
    attached_with = former.attached_with
  FROM jsonb_populate_recordset(NULL::identities, $2::jsonb) AS former WHERE i.id = former.id AND i.user_id = $1`;

/** Deletes the visits (`$2`) that the survivor got by the merge and that have not changed since. */
const TAKE_VISITS = `
  DELETE FROM user_applications own USING jsonb_populate_recordset(NULL::user_applications, $2::jsonb) AS got
  WHERE own.user_id = $1 AND own.application_id = got.application_id AND (own.last_seen_on, own.not_before, own.weak_not_before)
    IS NOT DISTINCT FROM (got.last_seen_on, got.not_before, got.weak_not_before)`;

/** Instants that invalidate proofs of the survivor (`$1`) also apply to the returning account (`$2`). */
const OUTDATE = `
  UPDATE users returned SET
    auth_not_before = GREATEST(returned.auth_not_before, survivor.auth_not_before),
    applications_not_before = GREATEST(returned.applications_not_before, survivor.applications_not_before)
  FROM users survivor WHERE survivor.id = $1 AND returned.id = $2`;

/** Merges and restores accounts. */
@Injectable()
export class UserMerging {
  constructor(private readonly keyRing: KeyRing) {}

  /** Locks both users in id order, so that opposite merges do not deadlock. @returns null unless both exist */
  async lock(tx: EntityManager, survivorId: string, loserId: string): Promise<MergePair | null> {
    const rows = await lockRows(tx, UserEntity, { id: Any([survivorId, loserId]) }, 'pessimistic_write');
    const sides = rows.map((row) => lockedUserOf(this.keyRing, row));
    const [survivor, loser] = [survivorId, loserId].map((id) => sides.find(({ userId }) => userId === id));
    return survivor && loser ? { survivor, loser } : null;
  }

  /** Deletes the loser's row with its data key, which seals nothing any more. The loser's id stays as an alias. */
  async finish(tx: EntityManager, { survivor, loser }: MergePair, now: Date): Promise<void> {
    await tx.delete(UserEntity, { id: loser.userId });
    await tx.insert(UserAliasEntity, { id: loser.userId, userId: survivor.userId, createdAt: now });
  }

  /** Reads what `reopen` and `restore` need of an account that is about to be merged. */
  async recall(tx: EntityManager, { loser, survivor }: MergePair): Promise<MergedUser> {
    const own = await firstRow<MergedUser>(tx, RECALL, [loser.userId, survivor.userId]);
    if (!own) throw new Error('the row of a locked user is gone');
    return own;
  }

  /** Wraps a user's data key with other associated data, so that it can outlive the user's row. */
  async rewrapDataKey(tx: EntityManager, { userId }: LockedUser, aad: AssociatedData): Promise<Sealed> {
    const user = await tx.findOneBy(UserEntity, { id: userId });
    if (!user) throw new Error('the row of a locked user is gone');
    return rewrapDataKey([this.keyRing, dataKeyAad(userId)], [this.keyRing, aad], user.dataKey);
  }

  openDataKey(aad: AssociatedData, stored: Sealed): DataKey {
    return unwrapDataKey(this.keyRing, aad, stored);
  }

  /** Restores a former id with its data key and the survivor's status. @returns null if it is no alias of theirs */
  async reopen(
    tx: EntityManager,
    survivor: LockedUser,
    { user }: MergedUser,
    { aad, stored }: { readonly aad: AssociatedData; readonly stored: Sealed },
  ): Promise<LockedUser | null> {
    const userId = String(user['id']);
    const dataKey = rewrapDataKey([this.keyRing, aad], [this.keyRing, dataKeyAad(userId)], stored);
    const row = { ...user, data_key: dataKey, status: survivor.status, is_closed: false };
    const values = [userId, survivor.userId];
    if (!(await firstRow(tx, 'DELETE FROM user_aliases WHERE id = $1 AND user_id = $2 RETURNING 1', values)))
      return null;
    await insertJsonRows(tx, 'users', [row]);
    const opened = await lockRow(tx, UserEntity, { id: userId });
    return opened && lockedUserOf(this.keyRing, opened);
  }

  /** Restores what the account had, after its identities have moved. */
  async restore(
    tx: EntityManager,
    { survivor, returning }: ReturnPair,
    { attachments, visits }: MergedUser,
  ): Promise<void> {
    await tx.query(RESTORE_ATTACHMENTS, [returning.userId, JSON.stringify(attachments)]);
    await tx.query(OUTDATE, [survivor.userId, returning.userId]);
    await tx.query(COPY_NOT_BEFORE, [survivor.userId, returning.userId]);
    await tx.query(TAKE_VISITS, [survivor.userId, JSON.stringify(visits)]);
  }
}
