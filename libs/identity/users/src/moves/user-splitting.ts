import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createDataKey, KeyRing } from '@countersign/crypto';
import { lockRow } from '@countersign/database';
import { dataKeyAad } from '../store/data-keys';
import { openContent } from '../store/profile-sealing';
import { identityError, noSuchUser } from '../user.errors';
import { IdentityListeners } from '../accounts/on-identity-change';
import { IdentityEntity } from '../store/identity.entity';
import { UserEntity } from '../store/user.entity';
import { UsersRepository } from '../store/users.repository';
import type { LockedUser } from '../user';
import { copyNotBefore, moveIdentity } from './user-moves.repository';

export interface Leaving {
  readonly user: LockedUser;
  readonly identityId: string;
  /** The platform itself has just identified the person. */
  readonly isProven: boolean;
  /** As in the audit trail. */
  readonly actor: string;
}

interface SplitUser {
  readonly account: LockedUser;
  readonly provider: string;
  readonly environment: string;
}

@Injectable()
export class UserSplitting {
  constructor(
    private readonly users: UsersRepository,
    private readonly listeners: IdentityListeners,
    private readonly keyRing: KeyRing,
  ) {}

  async split(
    tx: EntityManager,
    { user: from, identityId, isProven, actor }: Leaving,
    now: Date,
  ): Promise<SplitUser> {
    const { userId: fromId } = from;
    const { authNotBefore, applicationsNotBefore } = await tx.findOneByOrFail(UserEntity, { id: fromId });
    const where = { id: identityId, userId: fromId };
    const identity = await lockRow(tx, IdentityEntity, where, 'pessimistic_write');
    if (!identity) throw identityError('identity.not_found');
    const [userId, auditPseudonym] = [uuidv7(), randomUUID()];
    const { wrapped } = createDataKey(this.keyRing, dataKeyAad(userId));
    const user = {
      id: userId,
      status: from.status,
      isClosed: false,
      dataKey: wrapped,
      auditPseudonym,
      platformProvenAt: isProven ? now : null,
      hasProfile: false,
      authNotBefore,
      applicationsNotBefore,
      createdAt: now,
      updatedAt: now,
    };
    await tx.insert(UserEntity, user);
    await copyNotBefore(tx, fromId, userId);
    const to = await this.users.lockById(tx, userId);
    if (!to) throw noSuchUser(userId);
    const { subject } = openContent(from.dataKey, identityId, identity.content);
    await moveIdentity(tx, identity, from, to);
    const founding = { cap: 'platform', attachedAt: null, attachedBy: null, separableUntil: null } as const;
    await tx.update(IdentityEntity, { id: identityId }, { ...founding, createdAt: now, attachedWith: [] });
    for (const listener of this.listeners.of(identity.provider))
      await listener.onSplit(tx, { ...identity, subject }, { from, to }, actor);
    const { provider, environment } = identity;
    return { account: to, provider, environment };
  }

  /** Finds the owner of an identity, removable or not. */
  async ownerOf(tx: EntityManager, identityId: string): Promise<string> {
    const found = await tx.findOne(IdentityEntity, {
      select: { id: true, userId: true },
      where: { id: identityId },
    });
    if (!found) throw identityError('identity.not_found');
    return found.userId;
  }
}
