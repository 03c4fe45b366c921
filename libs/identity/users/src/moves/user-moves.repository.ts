import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { DataKey } from '@countersign/crypto';
import { IdentityEntity } from '../store/identity.entity';
import { UserAliasEntity, UserEntity } from '../store/user.entity';
import { openContent, sealContent } from '../store/profile-sealing';
import { COMBINE_SEEN, COPY_NOT_BEFORE, COUNT_OF_USER, MERGE_NOT_BEFORE } from '../store/users.sql';

/** An identity with all personal data in it. */
type SealedIdentity = Pick<IdentityEntity, 'id' | 'content'>;

/** The key of the old owner, and the new owner. */
interface Move {
  readonly from: DataKey;
  readonly to: { readonly userId: string; readonly dataKey: DataKey };
}

/** Rows that are moved by merges and splits. The caller holds the locks of the users. */
@Injectable()
export class UserMovesRepository {
  /** In id order, so that merges in both directions do not deadlock. */
  async lockUsers(tx: EntityManager, userIds: readonly string[]): Promise<readonly UserEntity[]> {
    return tx.find(UserEntity, {
      where: { id: Any([...userIds]) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async findUser(manager: EntityManager, userId: string): Promise<UserEntity | null> {
    return manager.findOneBy(UserEntity, { id: userId });
  }

  /** Inserts a user that is split off another one. Proofs that are outdated for one are outdated for both. */
  async insertSplit(tx: EntityManager, user: UserEntity, fromId: string): Promise<void> {
    await tx.insert(UserEntity, user);
    await tx.query(COPY_NOT_BEFORE, [fromId, user.id]);
  }

  async lockIdentities(tx: EntityManager, userId: string): Promise<readonly SealedIdentity[]> {
    return tx.find(IdentityEntity, {
      where: { userId },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async lockIdentity(
    tx: EntityManager,
    { userId, identityId }: { readonly userId: string; readonly identityId: string },
  ): Promise<(SealedIdentity & Pick<IdentityEntity, 'provider' | 'environment'>) | null> {
    return tx.findOne(IdentityEntity, {
      where: { id: identityId, userId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** Gives the identity to another user, sealed again under their key. */
  async move(tx: EntityManager, { id, content }: SealedIdentity, { from, to }: Move): Promise<void> {
    const moved = sealContent(to.dataKey, id, openContent(from, id, content));
    await tx.update(IdentityEntity, { id }, { userId: to.userId, content: moved });
  }

  /** Makes the identity the founding one of its account. */
  async setFounding(tx: EntityManager, identityId: string, createdAt: Date): Promise<void> {
    await tx.update(
      IdentityEntity,
      { id: identityId },
      {
        createdAt,
        cap: 'platform',
        attachedAt: null,
        attachedBy: null,
        attachedWith: [],
        separableUntil: null,
      },
    );
  }

  /** The visits of both, and from when on proofs count. */
  async combine(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(MERGE_NOT_BEFORE, [loserId, survivorId]);
    await tx.query(COMBINE_SEEN, [loserId, survivorId]);
  }

  /** Deletes the row of a user; its id becomes an alias of another. */
  async replaceUser(tx: EntityManager, userId: string, byUserId: string, now: Date): Promise<void> {
    await tx.delete(UserEntity, { id: userId });
    await tx.insert(UserAliasEntity, { id: userId, userId: byUserId, createdAt: now });
  }

  async ownerOf(manager: EntityManager, identityId: string): Promise<string | null> {
    const found = await manager.findOne(IdentityEntity, {
      select: { id: true, userId: true },
      where: { id: identityId },
    });
    return found?.userId ?? null;
  }

  /** How many rows of this module belong to a user. */
  async countOf(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    const [counts = {}] = await rows<Record<string, number>>(manager, COUNT_OF_USER, [userId]);
    return counts;
  }
}
