import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { blindIndexes, type BlindIndex, type KeyRing, type Sealed } from '@countersign/crypto';
import { BLIND_INDEX, columnsOf, rows, type RowOf } from '@countersign/database';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { openDataKey } from '@countersign/users';
import { WalletAddressDigestEntity, type WalletEntity } from '../store/wallet.entity';
import { sealedAddress } from '../store/wallet-sealing';

/** Returns one digest for each index key of the ring. @param address as in `ProvenWallet` */
export function addressDigests(keyRing: KeyRing, provider: string, address: string): readonly BlindIndex[] {
  const namespace = provider === 'ton' ? 'ton' : 'eip155';
  return blindIndexes(keyRing, 'wallets.address', [namespace, address]);
}

const ADDRESS_DIGEST = columnsOf(WalletAddressDigestEntity);

export type AddressedWallet = Pick<WalletEntity, 'id' | 'userId' | 'kind' | 'environment' | 'chainId'>;

@Injectable()
export class AddressDigestsRepository {
  /** The order is that of the users. @param digests of one address */
  async find(tx: EntityManager, digests: readonly BlindIndex[]): Promise<readonly AddressedWallet[]> {
    return rows(
      tx,
      `SELECT DISTINCT w.id, w.user_id AS "userId", w.kind, w.environment, w.chain_id AS "chainId"
       FROM (${BLIND_INDEX.unnest()}) AS wanted
       JOIN wallet_address_digests d ON d.key_id = wanted.key_id AND d.digest = wanted.digest
       JOIN wallets w ON w.id = d.wallet_id ORDER BY w.user_id, w.id`,
      BLIND_INDEX.arraysOf(digests),
    );
  }

  /** No other transaction can connect the address until this one ends. Take this lock before the locks of users. */
  async lock(tx: EntityManager, address: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`countersign/connection/${address}`]);
  }

  async insert(tx: EntityManager, digests: readonly RowOf<typeof ADDRESS_DIGEST>[]): Promise<void> {
    await tx.query(
      `INSERT INTO wallet_address_digests (${ADDRESS_DIGEST.names}) ${ADDRESS_DIGEST.unnest()} ON CONFLICT DO NOTHING`,
      ADDRESS_DIGEST.arraysOf(digests),
    );
  }
}

type SealedWallet = Pick<WalletEntity, 'id' | 'userId' | 'provider' | 'address'> & {
  readonly dataKey: Sealed;
};

/** Keeps the digests of connected and embedded wallets under the active index key. */
@Injectable()
@BringsToActiveKey()
export class AddressDigestWork extends DigestWork<SealedWallet> {
  protected readonly table: DigestedTable = {
    values: 'wallets',
    primaryKey: 'id',
    digests: 'wallet_address_digests',
    owner: 'wallet_id',
    columns: `r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.provider, r.address`,
    joins: 'JOIN users u ON u.id = r.user_id',
    needs: `r.identity_id IS NULL`,
    lock: 'KEY SHARE OF r',
  };

  protected digest(tx: EntityManager, free: readonly SealedWallet[]): Promise<number> {
    return this.insert(tx, free, ({ id, userId, provider, ...wallet }) => {
      const dataKey = openDataKey(this.keyRing, userId, wallet.dataKey);
      const address = sealedAddress.open(dataKey, id, wallet.address);
      if (address === null) throw new Error(`wallet ${id} has no address`);
      return addressDigests(this.keyRing, provider, address);
    });
  }
}
