import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type BlindIndex, type Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestedRowsRepository, DigestWork } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey, openSubject } from '@countersign/users';
import { addressOfSubject } from '@countersign/wallet-proofs';
import { addressDigests, namespaceOf } from './address-digests';
import { WalletChannel } from '../store/wallet-channel.repository';
import { sealedAddress } from '../store/wallet-sealing';

interface SealedWallet {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly provider: string;
  /** Null for an embedded wallet, which has its address. */
  readonly identityId: string | null;
  readonly subject: Sealed | null;
  readonly address: Sealed | null;
}

/** Digests of addresses under the active index key. */
@Injectable()
@BringsToActiveKey()
export class AddressDigestWork extends DigestWork<SealedWallet> {
  protected readonly rows = new DigestedRowsRepository<SealedWallet>({
    values: 'wallets',
    primaryKey: 'id',
    digests: 'wallet_address_digests',
    owner: 'wallet_id',
    columns: `r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.provider, r.identity_id AS "identityId",
      i.subject, r.address`,
    joins: 'JOIN users u ON u.id = r.user_id LEFT JOIN identities i ON i.id = r.identity_id',
    lock: 'KEY SHARE OF r',
  });

  constructor(
    private readonly channel: WalletChannel,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  protected async digest(tx: EntityManager, free: readonly SealedWallet[]): Promise<number> {
    const opened = await this.insert(tx, free, (wallet) => this.digestsOf(wallet));
    for (const { id } of opened) await this.channel.announce(tx, id);
    return opened.length;
  }

  private digestsOf(wallet: SealedWallet): readonly BlindIndex[] {
    const { id, userId, identityId, provider, subject } = wallet;
    const dataKey = openDataKey(this.keyRing, userId, wallet.dataKey);
    const address =
      identityId !== null && subject !== null
        ? addressOfSubject(openSubject(dataKey, identityId, subject))
        : sealedAddress.open(dataKey, id, wallet.address);
    if (address === null) throw new Error(`wallet ${id} has neither an identity nor an address`);
    return addressDigests(this.keyRing, namespaceOf(provider), address);
  }
}
