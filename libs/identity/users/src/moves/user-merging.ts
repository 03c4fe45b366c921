import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import { KeyRing, type DataKey } from '@countersign/crypto';
import { openDataKey } from '../store/data-keys';
import { UserAliasEntity, UserEntity } from '../store/user.entity';
import type { UserStatus } from '../user';

/** One side of a merge, locked until the transaction ends. */
export interface MergeSide {
  readonly userId: string;
  readonly status: UserStatus;
  readonly createdAt: Date;
  readonly isClosed: boolean;
  readonly auditPseudonym: string;
  readonly dataKey: DataKey;
}

/** `loser` becomes part of `survivor`. */
export interface MergePair {
  readonly survivor: MergeSide;
  readonly loser: MergeSide;
}

/** @throws SealError where the data key cannot be opened */
export function sideOf(keyRing: KeyRing, row: UserEntity): MergeSide {
  const { id: userId, status, createdAt, isClosed, auditPseudonym } = row;
  const dataKey = openDataKey(keyRing, userId, row.dataKey);
  return { userId, status, createdAt, isClosed, auditPseudonym, dataKey };
}

@Injectable()
export class UserMerging {
  constructor(private readonly keyRing: KeyRing) {}

  /** Locks both users, in id order, so that merges in both directions do not deadlock. @returns null unless both exist. */
  async lock(tx: EntityManager, survivorId: string, loserId: string): Promise<MergePair | null> {
    const locked = await tx.find(UserEntity, {
      where: { id: Any([survivorId, loserId]) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const sides = locked.map((row) => sideOf(this.keyRing, row));
    const [survivor, loser] = [survivorId, loserId].map((id) => sides.find(({ userId }) => userId === id));
    return survivor && loser ? { survivor, loser } : null;
  }

  /** Deletes the loser's row, and with it its data key, which seals nothing any more. Its id stays an alias. */
  async finish(tx: EntityManager, { survivor, loser }: MergePair, now: Date): Promise<void> {
    await tx.delete(UserEntity, { id: loser.userId });
    await tx.insert(UserAliasEntity, { id: loser.userId, userId: survivor.userId, createdAt: now });
  }
}
