import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { asSealed, KeyRing, unwrapDataKey, type DataKey } from '@countersign/crypto';
import { rows } from '@countersign/database';
import { lockSealed, moveIdentity } from './identity-moving';
import type { UserStatus } from './user';
import { USER_ALIAS } from './user.columns';
import { dataKeyPlace } from './users.repository';
import { MERGE_SEEN } from './users.sql';

/** One side of a merge, locked until the transaction ends. */
export interface MergeSide {
  readonly userId: string;
  readonly status: UserStatus;
  readonly auditPseudonym: string;
  readonly dataKey: DataKey;
}

/** `loser` becomes part of `survivor`. */
export interface MergePair {
  readonly survivor: MergeSide;
  readonly loser: MergeSide;
}

/** Makes one user of two. */
@Injectable()
export class UserMerging {
  constructor(private readonly keyRing: KeyRing) {}

  /**
   * Locks both users, in id order, so that merges in both directions wait for each other.
   * @returns null unless both exist.
   */
  async lock(tx: EntityManager, survivorId: string, loserId: string): Promise<MergePair | null> {
    const locked = await rows<Omit<MergeSide, 'dataKey'> & { wrapped: string }>(
      tx,
      `SELECT id AS "userId", status, audit_pseudonym AS "auditPseudonym", data_key AS wrapped
       FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
      [[survivorId, loserId]],
    );
    const sideOf = (id: string): MergeSide | undefined => {
      const row = locked.find(({ userId }) => userId === id);
      return row && { ...row, dataKey: unwrapDataKey(this.keyRing, dataKeyPlace(id), asSealed(row.wrapped)) };
    };
    const [survivor, loser] = [sideOf(survivorId), sideOf(loserId)];
    return survivor && loser ? { survivor, loser } : null;
  }

  /** Moves identities and their aliases, sealed anew under the survivor's key. */
  async moveIdentities(tx: EntityManager, { survivor, loser }: MergePair): Promise<void> {
    const move = { from: loser.dataKey, to: survivor };
    for (const identity of await lockSealed(tx, loser.userId, null)) await moveIdentity(tx, identity, move);
  }

  /** Deletes the loser's row, and with it the key that nothing is sealed under any more. Its id stays an alias. */
  async finish(tx: EntityManager, { survivor, loser }: MergePair, now: Date): Promise<void> {
    await tx.query('UPDATE user_aliases SET user_id = $2 WHERE user_id = $1', [
      loser.userId,
      survivor.userId,
    ]);
    await tx.query(
      `UPDATE users survivor SET updated_at = $3,
         auth_not_before = GREATEST(survivor.auth_not_before, loser.auth_not_before),
         applications_not_before = GREATEST(survivor.applications_not_before, loser.applications_not_before)
       FROM users loser WHERE survivor.id = $2 AND loser.id = $1`,
      [loser.userId, survivor.userId, now],
    );
    await tx.query(MERGE_SEEN, [loser.userId, survivor.userId]);
    await tx.query('DELETE FROM users WHERE id = $1', [loser.userId]);
    const alias = { id: loser.userId, userId: survivor.userId, createdAt: now };
    await tx.query(
      `INSERT INTO user_aliases (${USER_ALIAS.names}) VALUES (${USER_ALIAS.parameters()})`,
      USER_ALIAS.valuesOf(alias),
    );
  }

  /** How many rows of this module belong to a user. */
  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    const [counts = {}] = await rows<Record<string, number>>(
      tx,
      `SELECT (SELECT count(*)::int FROM identities WHERE user_id = $1) AS identities,
              (SELECT count(*)::int FROM identity_digests d JOIN identities i ON i.id = d.identity_id
               WHERE i.user_id = $1) AS "identityDigests",
              (SELECT count(*)::int FROM identity_aliases a JOIN identities i ON i.id = a.identity_id
               WHERE i.user_id = $1) AS "identityAliases"`,
      [userId],
    );
    return counts;
  }
}
