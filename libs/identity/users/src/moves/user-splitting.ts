import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createDataKey, KeyRing } from '@countersign/crypto';
import { dataKeyAad, openDataKey } from '../store/data-keys';
import { openContent } from '../store/profile-sealing';
import { identityError, noSuchUser } from '../user.errors';
import { IdentityListeners } from '../accounts/on-identity-change';
import { UserMovesRepository } from './user-moves.repository';

/** An identity that is split off its account. */
export interface Leaving {
  readonly userId: string;
  readonly identityId: string;
  /** The platform itself has just identified its person. */
  readonly isProven: boolean;
  /** Who does it, as in the audit trail. */
  readonly actor: string;
}

/** An account created from one identity of another. */
interface SplitUser {
  readonly userId: string;
  readonly auditPseudonym: string;
  readonly provider: string;
  readonly environment: string;
}

/** Splits one user into two. */
@Injectable()
export class UserSplitting {
  constructor(
    private readonly rows: UserMovesRepository,
    private readonly listeners: IdentityListeners,
    private readonly keyRing: KeyRing,
  ) {}

  /**
   * Creates an account for an identity, which becomes its founding one. The caller has locked the user, and
   * handles the sessions.
   * @throws AppError user.not_found, identity.not_found
   */
  async split(
    tx: EntityManager,
    { userId: fromId, identityId, isProven, actor }: Leaving,
    now: Date,
  ): Promise<SplitUser> {
    const from = await this.rows.findUser(tx, fromId);
    if (!from) throw noSuchUser(fromId);
    const identity = await this.rows.lockIdentity(tx, { userId: fromId, identityId });
    if (!identity) throw identityError('identity.not_found');
    const [userId, auditPseudonym] = [uuidv7(), randomUUID()];
    const { dataKey, wrapped } = createDataKey(this.keyRing, dataKeyAad(userId));
    const user = {
      id: userId,
      status: from.status,
      isClosed: false,
      dataKey: wrapped,
      auditPseudonym,
      platformProvenAt: isProven ? now : null,
      hasProfile: false,
      authNotBefore: from.authNotBefore,
      applicationsNotBefore: from.applicationsNotBefore,
      createdAt: now,
      updatedAt: now,
    };
    await this.rows.insertSplit(tx, user, fromId);
    const fromKey = openDataKey(this.keyRing, fromId, from.dataKey);
    const { subject } = openContent(fromKey, identityId, identity.content);
    await this.rows.move(tx, identity, { from: fromKey, to: { userId, dataKey } });
    await this.rows.setFounding(tx, identityId, now);
    for (const listener of this.listeners.of(identity.provider))
      await listener.onSplit(
        tx,
        { ...identity, subject },
        { from: { userId: fromId, dataKey: fromKey }, to: { userId, dataKey } },
        actor,
      );
    const { provider, environment } = identity;
    return { userId, auditPseudonym, provider, environment };
  }

  /** The owner of an identity, removable or not. @throws AppError identity.not_found */
  async ownerOf(tx: EntityManager, identityId: string): Promise<string> {
    const userId = await this.rows.ownerOf(tx, identityId);
    if (userId === null) throw identityError('identity.not_found');
    return userId;
  }
}
