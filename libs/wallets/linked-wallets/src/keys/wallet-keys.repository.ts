import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';
import type { OpenedWallet } from '../store/wallet-sealing';

/** A wallet with its key, and the key of its owner. */
export interface WalletKeyRow extends Omit<OpenedWallet, 'dataKey' | 'macKey'> {
  readonly walletKey: Sealed;
  readonly ownerKey: Sealed;
}

const SELECT = `
  SELECT w.id AS "walletId", w.user_id AS "userId", w.wallet_key AS "walletKey", u.data_key AS "ownerKey"
  FROM wallets w JOIN users u ON u.id = w.user_id`;

/** The keys of wallets. */
@Injectable()
export class WalletKeysRepository {
  /** A statement of its own: one that waits for a lock sees owners as they were before. */
  async lockShared(tx: EntityManager, walletIds: readonly string[]): Promise<void> {
    await tx.query('SELECT 1 FROM wallets WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE', [walletIds]);
  }

  async find(manager: EntityManager, walletIds: readonly string[]): Promise<readonly WalletKeyRow[]> {
    return rows<WalletKeyRow>(manager, `${SELECT} WHERE w.id = ANY($1::uuid[]) ORDER BY w.id`, [walletIds]);
  }

  async findOf(manager: EntityManager, userId: string): Promise<readonly WalletKeyRow[]> {
    return rows<WalletKeyRow>(manager, `${SELECT} WHERE w.user_id = $1 ORDER BY w.id`, [userId]);
  }
}
