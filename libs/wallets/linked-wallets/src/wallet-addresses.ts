import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SealError } from '@countersign/crypto';
import { IdentityFields, UsersService } from '@countersign/users';
import { sealedAddress } from './store/wallet-sealing';
import { WalletsRepository } from './store/wallets.repository';

/** Opens the addresses of wallets, for questions to nodes that may learn them. */
@Injectable()
export class WalletAddresses {
  constructor(
    private readonly wallets: WalletsRepository,
    private readonly users: UsersService,
    private readonly fields: IdentityFields,
  ) {}

  /** As `ProvenWallet` has it. `null` for a wallet that is gone, or whose row is damaged. */
  async read(manager: EntityManager, walletId: string): Promise<string | null> {
    const wallet = await this.wallets.find(manager, walletId);
    if (!wallet) return null;
    const { id, userId, identityId } = wallet;
    try {
      const dataKey = await this.users.getDataKey(userId, manager);
      if (identityId === null) return sealedAddress.open(dataKey, id, wallet.address);
      const [identity] = await this.fields.open(manager, { userId, dataKey, identityId }, ['subject']);
      return identity?.fields.subject ?? null;
    } catch (error) {
      if (error instanceof SealError) return null;
      throw error;
    }
  }
}
