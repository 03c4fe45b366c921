import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type DataKey } from '@countersign/crypto';
import { openDataKey } from '../store/data-keys';
import type { UserEntity } from '../store/user.entity';
import type { UserStatus } from '../user';
import { UserMovesRepository } from './user-moves.repository';

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

/** Merges two users into one. */
@Injectable()
export class UserMerging {
  constructor(
    private readonly rows: UserMovesRepository,
    private readonly keyRing: KeyRing,
  ) {}

  /** Locks both users. @returns null unless both exist. */
  async lock(tx: EntityManager, survivorId: string, loserId: string): Promise<MergePair | null> {
    const locked = await this.rows.lockUsers(tx, [survivorId, loserId]);
    const sides = locked.map((row) => sideOf(this.keyRing, row));
    const [survivor, loser] = [survivorId, loserId].map((id) => sides.find(({ userId }) => userId === id));
    return survivor && loser ? { survivor, loser } : null;
  }

  /**
   * Deletes the loser's row, and with it its data key, which seals nothing any more. Its id stays an alias.
   */
  async finish(tx: EntityManager, { survivor, loser }: MergePair, now: Date): Promise<void> {
    await this.rows.replaceUser(tx, loser.userId, survivor.userId, now);
  }
}
