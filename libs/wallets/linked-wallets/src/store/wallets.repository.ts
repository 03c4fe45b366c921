import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { columnsOf, rows } from '@countersign/database';
import type { LockedUser } from '@countersign/users';
import type { OpenedWallet } from './wallet-sealing';
import { WalletEntity } from './wallet.entity';

export interface WalletKeyRow extends Omit<OpenedWallet, 'dataKey' | 'macKey'> {
  readonly walletKey: Sealed;
  readonly ownerKey: Sealed;
}

const SELECT_KEYS = `
  SELECT w.id AS "walletId", w.user_id AS "userId", w.wallet_key AS "walletKey", u.data_key AS "ownerKey"
  FROM wallets w JOIN users u ON u.id = w.user_id`;
const WALLET = columnsOf(WalletEntity).omit('isPrimary');

@Injectable()
export class WalletsRepository {
  /** The first wallet for the whole account that is not merely connected becomes the primary wallet. */
  async insert(
    tx: EntityManager,
    { userId }: LockedUser,
    made: Omit<WalletEntity, 'isPrimary' | 'userId'>,
  ): Promise<void> {
    const wallet = { ...made, userId };
    const mayBePrimary = wallet.kind !== 'connected' && wallet.applicationId === null;
    await tx.query(
      `INSERT INTO wallets (${WALLET.names}, is_primary)
       SELECT ${WALLET.parameters()},
         ${mayBePrimary} AND NOT EXISTS (SELECT 1 FROM wallets WHERE user_id = $2 AND is_primary)`,
      WALLET.valuesOf(wallet),
    );
  }

  /** The order of ids is the order of all locks on several wallets. */
  async lockOf(tx: EntityManager, users: readonly LockedUser[]): Promise<void> {
    const userIds = users.map(({ userId }) => userId);
    await tx.query('SELECT 1 FROM wallets WHERE user_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [userIds]);
  }

  /** Oldest first. */
  async listOf(manager: EntityManager, userId: string): Promise<readonly WalletEntity[]> {
    return manager.find(WalletEntity, { where: { userId }, order: { id: 'ASC' } });
  }

  /** If there is no primary wallet, the oldest one for the whole account that is not merely connected becomes it. */
  async completePrimary(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await tx.query(
      `UPDATE wallets SET is_primary = true
       WHERE id = (
         SELECT id FROM wallets WHERE user_id = $1 AND kind <> 'connected' AND application_id IS NULL ORDER BY id LIMIT 1
       )
         AND NOT EXISTS (SELECT 1 FROM wallets WHERE user_id = $1 AND is_primary)`,
      [userId],
    );
  }

  async setPrimary(tx: EntityManager, { userId }: LockedUser, id: string): Promise<void> {
    await tx.query('UPDATE wallets SET is_primary = false WHERE user_id = $1 AND is_primary AND id <> $2', [
      userId,
      id,
    ]);
    await tx.query('UPDATE wallets SET is_primary = true WHERE id = $1', [id]);
  }

  /** A separate statement, because a statement that waits for a lock sees the owners from before. */
  async lockShared(tx: EntityManager, ids: readonly string[]): Promise<void> {
    await tx.query('SELECT 1 FROM wallets WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE', [ids]);
  }

  async findKeys(manager: EntityManager, ids: readonly string[]): Promise<readonly WalletKeyRow[]> {
    return rows<WalletKeyRow>(manager, `${SELECT_KEYS} WHERE w.id = ANY($1::uuid[]) ORDER BY w.id`, [ids]);
  }

  async findKeysOf(manager: EntityManager, userId: string): Promise<readonly WalletKeyRow[]> {
    return rows<WalletKeyRow>(manager, `${SELECT_KEYS} WHERE w.user_id = $1 ORDER BY w.id`, [userId]);
  }
}
