import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createDataKey, KeyRing } from '@countersign/crypto';
import { dataKeyAad, openDataKey } from '../store/data-keys';
import { openContent } from '../store/profile-sealing';
import { identityError, noSuchUser } from '../user.errors';
import { IdentityListeners } from '../accounts/on-identity-change';
import { IdentityEntity } from '../store/identity.entity';
import { UserEntity } from '../store/user.entity';
import { copyNotBefore, moveIdentity } from './user-moves.repository';

export interface Leaving {
  readonly userId: string;
  readonly identityId: string;
  /** The platform itself has just identified the person. */
  readonly isProven: boolean;
  /** As in the audit trail. */
  readonly actor: string;
}

interface SplitUser {
  readonly userId: string;
  readonly auditPseudonym: string;
  readonly provider: string;
  readonly environment: string;
}

@Injectable()
export class UserSplitting {
  constructor(
    private readonly listeners: IdentityListeners,
    private readonly keyRing: KeyRing,
  ) {}

  /** The caller has locked the user and handles the sessions. */
  async split(
    tx: EntityManager,
    { userId: fromId, identityId, isProven, actor }: Leaving,
    now: Date,
  ): Promise<SplitUser> {
    const from = await tx.findOneBy(UserEntity, { id: fromId });
    if (!from) throw noSuchUser(fromId);
    const identity = await tx.findOne(IdentityEntity, {
      where: { id: identityId, userId: fromId },
      lock: { mode: 'pessimistic_write' },
    });
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
    await tx.insert(UserEntity, user);
    await copyNotBefore(tx, fromId, userId);
    const fromKey = openDataKey(this.keyRing, fromId, from.dataKey);
    const { subject } = openContent(fromKey, identityId, identity.content);
    await moveIdentity(tx, identity, fromKey, { userId, dataKey });
    const founding = { cap: 'platform', attachedAt: null, attachedBy: null, separableUntil: null } as const;
    await tx.update(IdentityEntity, { id: identityId }, { ...founding, createdAt: now, attachedWith: [] });
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
