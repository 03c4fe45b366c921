import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type DataKey } from '@countersign/crypto';
import { openDataKey } from '../store/data-keys';
import type { ErasureKind } from '../erasure/erasure';
import { IdentityMoving } from './identity-moving';
import type { UserStatus } from '../user';
import { UserMovesRepository } from './user-moves.repository';

/** One side of a merge, locked until the transaction ends. */
export interface MergeSide {
  readonly userId: string;
  readonly status: UserStatus;
  readonly createdAt: Date;
  readonly erasure: ErasureKind | null;
  readonly auditPseudonym: string;
  readonly dataKey: DataKey;
}

/** `loser` becomes part of `survivor`. */
export interface MergePair {
  readonly survivor: MergeSide;
  readonly loser: MergeSide;
}

/** Merges two users into one. */
@Injectable()
export class UserMerging {
  constructor(
    private readonly rows: UserMovesRepository,
    private readonly identities: IdentityMoving,
    private readonly keyRing: KeyRing,
  ) {}

  /** Locks both users. @returns null unless both exist. */
  async lock(tx: EntityManager, survivorId: string, loserId: string): Promise<MergePair | null> {
    const locked = await this.rows.lockUsers(tx, [survivorId, loserId]);
    const sideOf = (userId: string): MergeSide | undefined => {
      const row = locked.find(({ id }) => id === userId);
      if (!row) return undefined;
      const { status, createdAt, erasure, auditPseudonym } = row;
      const dataKey = openDataKey(this.keyRing, userId, row.dataKey);
      return { userId, status, createdAt, erasure, auditPseudonym, dataKey };
    };
    const [survivor, loser] = [sideOf(survivorId), sideOf(loserId)];
    return survivor && loser ? { survivor, loser } : null;
  }

  /** Moves identities and their aliases, sealed again under the survivor's key, and combines visits. */
  async moveIdentities(tx: EntityManager, { survivor, loser }: MergePair, now: Date): Promise<void> {
    await this.rows.combine(tx, loser.userId, survivor.userId, now);
    const move = { from: loser.dataKey, to: survivor };
    for (const identity of await this.rows.lockIdentities(tx, loser.userId))
      await this.identities.move(tx, identity, move);
  }

  /**
   * Deletes the loser's row, and with it its data key, which seals nothing any more. Its id stays an alias.
   */
  async finish(tx: EntityManager, { survivor, loser }: MergePair, now: Date): Promise<void> {
    await this.rows.replaceUser(tx, loser.userId, survivor.userId, now);
  }

  /** How many rows of this module belong to a user. */
  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return this.rows.countOf(tx, userId);
  }
}
