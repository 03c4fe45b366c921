import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, Not, type EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { Erasure } from './erasure';
import { UserErasureEntity } from './erasure.entity';
import { UserAliasEntity, UserEntity } from '../store/user.entity';

/** Requested erasures. Those who write hold the lock of the user. */
@Injectable()
export class ErasuresRepository {
  async find(manager: EntityManager, userId: string): Promise<Erasure | null> {
    return manager.findOneBy(UserErasureEntity, { userId });
  }

  /** Replaces an earlier one. */
  async put(tx: EntityManager, erasure: Erasure): Promise<void> {
    await tx.delete(UserErasureEntity, { userId: erasure.userId });
    await tx.insert(UserErasureEntity, erasure);
    await tx.update(UserEntity, { id: erasure.userId }, { erasure: erasure.kind });
  }

  async delete(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(UserErasureEntity, { userId });
    await tx.update(UserEntity, { id: userId }, { erasure: null });
  }

  /** Users whose erasure weaker proofs than the platform's own requested in an application, and has not begun. */
  async listOfWeakProofs(manager: EntityManager, applicationId: string): Promise<readonly string[]> {
    const found = await manager.find(UserErasureEntity, {
      select: { userId: true },
      where: { applicationId, assurance: Not('platform'), startedAt: IsNull() },
      order: { userId: 'ASC' },
    });
    return found.map(({ userId }) => userId);
  }

  async start(tx: EntityManager, userId: string, at: Date): Promise<void> {
    await tx.update(UserErasureEntity, { userId }, { startedAt: at });
  }

  /** Users whose erasure is due, the longest waiting first. */
  async listDue(manager: EntityManager, now: Date, limit: number): Promise<readonly string[]> {
    const due = await manager.find(UserErasureEntity, {
      select: { userId: true },
      where: { eraseAt: LessThanOrEqual(now) },
      order: { eraseAt: 'ASC' },
      take: limit,
    });
    return due.map(({ userId }) => userId);
  }

  /** All ids of an account: its own, and those of accounts that were merged into it. */
  async idsOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const aliases = await manager.find(UserAliasEntity, {
      select: { id: true },
      where: { userId },
      order: { id: 'ASC' },
    });
    return [userId, ...aliases.map(({ id }) => id)];
  }

  /** Accounts that have one of the ids, as their own or by a merge. */
  async ownersOf(manager: EntityManager, ids: readonly string[]): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      manager,
      `SELECT id FROM users WHERE id = ANY($1::uuid[])
       UNION SELECT user_id FROM user_aliases WHERE id = ANY($1::uuid[])`,
      [ids],
    );
    return found.map(({ id }) => id);
  }
}
