import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  KeyRing,
  rewrapDataKey,
  unwrapDataKey,
  type DataKey,
  type AssociatedData,
  type Sealed,
} from '@countersign/crypto';
import { dataKeyAad } from '../store/data-keys';
import { sideOf, type MergeSide } from './user-merging';
import { UserMovesRepository } from './user-moves.repository';
import { MergedUsersRepository, type MergedUser } from '../account-data/merged-users.repository';

/** Makes accounts again that were merged into others. */
@Injectable()
export class UserReturning {
  constructor(
    private readonly moves: UserMovesRepository,
    private readonly rows: MergedUsersRepository,
    private readonly keyRing: KeyRing,
  ) {}

  /** The data key of a user, wrapped with other associated data: it outlives the row of the user there. */
  async rewrapDataKey(tx: EntityManager, userId: string, aad: AssociatedData): Promise<Sealed> {
    const user = await this.moves.findUser(tx, userId);
    if (!user) throw new Error('the row of a locked user is gone');
    return rewrapDataKey([this.keyRing, dataKeyAad(userId)], [this.keyRing, aad], user.dataKey);
  }

  openDataKey(aad: AssociatedData, stored: Sealed): DataKey {
    return unwrapDataKey(this.keyRing, aad, stored);
  }

  /** A side of a separation, whose lock the caller holds. */
  async find(tx: EntityManager, userId: string): Promise<MergeSide | null> {
    const row = await this.moves.findUser(tx, userId);
    return row && sideOf(this.keyRing, row);
  }

  /**
   * The former id becomes an account again, under the data key that it had, and in the state of the survivor.
   * @returns null when the id is none of the survivor's
   */
  async reopen(
    tx: EntityManager,
    survivor: MergeSide,
    { user }: MergedUser,
    { aad, stored }: { readonly aad: AssociatedData; readonly stored: Sealed },
  ): Promise<MergeSide | null> {
    const userId = String(user['id']);
    const dataKey = rewrapDataKey([this.keyRing, aad], [this.keyRing, dataKeyAad(userId)], stored);
    const row = { ...user, data_key: dataKey, status: survivor.status, is_closed: false };
    return (await this.rows.reopen(tx, row, survivor.userId)) ? this.find(tx, userId) : null;
  }
}
