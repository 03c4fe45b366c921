import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import type { Principal } from '@countersign/sessions';
import type { WalletEntity } from '../store/wallet.entity';
import { WalletsRepository } from '../store/wallets.repository';
import { walletError } from '../wallets.errors';
import { walletActs } from './wallet-acts';

/** Confirms that a wallet of TON has another key than before. The caller holds the locks of the user and of the wallets. */
@Injectable()
export class KeyConfirmations {
  constructor(
    private readonly wallets: WalletsRepository,
    private readonly decisions: ActDecisions,
  ) {}

  /**
   * @param changes as the person saw them
   * @returns what the audit trail says of the session; null where nothing was to be confirmed
   * @throws AppError wallet.owners_changed_again, wallet.other_identity_required, account.step_up_required,
   * account.grant_invalid, auth.assurance_too_low
   */
  async confirm(
    tx: EntityManager,
    caller: Principal,
    wallet: WalletEntity,
    changes: number | undefined,
  ): Promise<Readonly<Record<string, string>> | null> {
    if (wallet.kind !== 'linked' || changes === undefined) return null;
    if (changes !== wallet.ownersChanges) throw walletError('wallet.owners_changed_again');
    if (wallet.ownersChangedAt === null) return null;
    const own = await this.wallets.findByIdentity(tx, caller.identityId);
    if (caller.identityId === wallet.identityId || (own && own.ownersChangedAt !== null))
      throw walletError('wallet.other_identity_required');
    const { trail } = await this.decisions.assertSteppedUp(tx, caller, walletActs['wallet.trust']);
    await this.wallets.confirmOwners(tx, wallet.id);
    return trail;
  }
}
