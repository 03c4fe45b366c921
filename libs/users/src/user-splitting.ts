import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createDataKey, KeyRing } from '@countersign/crypto';
import { firstRow } from '@countersign/database';
import { lockSealed, moveIdentity } from './identity-moving';
import { identityError, userError } from './user.errors';
import { dataKeyPlace, UsersRepository } from './users.repository';
import { COPY_NOT_BEFORE } from './users.sql';

/** An identity that leaves its account. */
export interface Leaving {
  readonly userId: string;
  readonly identityId: string;
  /** The platform itself has just named its person. */
  readonly isProven: boolean;
}

/** An account that was made of one identity of another. */
export interface SplitUser {
  readonly userId: string;
  readonly auditPseudonym: string;
}

/** Makes two users of one. */
@Injectable()
export class UserSplitting {
  constructor(
    private readonly users: UsersRepository,
    private readonly keyRing: KeyRing,
  ) {}

  /**
   * Makes an account of its own for an identity, which it founds. The caller has locked the user, and sees to the sessions.
   * @throws AppError user.not_found, identity.not_found
   */
  async split(
    tx: EntityManager,
    { userId: fromId, identityId, isProven }: Leaving,
    now: Date,
  ): Promise<SplitUser> {
    const from = await this.users.findDataKey(tx, fromId);
    if (!from) throw userError('user.not_found');
    const [identity] = await lockSealed(tx, fromId, identityId);
    if (!identity) throw identityError('identity.not_found');
    const [userId, auditPseudonym] = [uuidv7(), randomUUID()];
    const { dataKey, wrapped } = createDataKey(this.keyRing, dataKeyPlace(userId));
    // What was made before the other account was closed to old proofs opens nothing here either.
    await tx.query(
      `INSERT INTO users (id, status, data_key, audit_pseudonym, platform_proven_at, auth_not_before,
         applications_not_before, created_at, updated_at)
       SELECT $1, status, $2, $3, CASE WHEN $4 THEN $5::timestamptz END, auth_not_before,
         applications_not_before, $5, $5
       FROM users WHERE id = $6`,
      [userId, wrapped, auditPseudonym, isProven, now, fromId],
    );
    await tx.query(COPY_NOT_BEFORE, [fromId, userId]);
    await moveIdentity(tx, identity, { from, to: { userId, dataKey } });
    await tx.query(
      `UPDATE identities
       SET created_at = $2, cap = 'platform', attached_at = NULL, attached_by = NULL, attached_with = '{}'
       WHERE id = $1`,
      [identityId, now],
    );
    return { userId, auditPseudonym };
  }

  /** Whose identity it is, whether or not it may be taken away. @throws AppError identity.not_found */
  async ownerOf(tx: EntityManager, identityId: string): Promise<string> {
    const found = await firstRow<{ userId: string }>(
      tx,
      'SELECT user_id AS "userId" FROM identities WHERE id = $1',
      [identityId],
    );
    if (!found) throw identityError('identity.not_found');
    return found.userId;
  }
}
