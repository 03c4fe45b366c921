import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { openDataKey } from '@countersign/users';
import { addressDigests } from './address-digests.repository';
import { sealedAddress } from '../store/wallet-sealing';

interface SealedWallet {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly provider: string;
  readonly address: Sealed | null;
}

/** Digests of addresses of connected and embedded wallets under the active index key. */
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
