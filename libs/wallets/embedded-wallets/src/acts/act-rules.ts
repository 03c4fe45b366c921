import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, ActDecisions } from '@countersign/account';
import { WalletEntity, walletError } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { EmbeddedWallets } from '../own/embedded-wallets.service';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import type { ActDetails } from '../store/wallet-act-sealing';
import { actOf } from './acts';
import type { WantedAct } from './read-act';

/** Whether an embedded wallet may act for a session. The caller has locked the user. */
@Injectable()
export class ActRules {
  constructor(
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly freezing: WalletFreezing,
    private readonly decisions: ActDecisions,
    private readonly accountActs: AccountActs,
  ) {}

  /**
   * What has to hold when a token is made, and when it is used.
   * @throws AppError wallet.embedded_off, wallet.act_not_allowed, wallet.not_found, wallet.not_granted,
   * wallet.device_key_required, wallet.frozen, wallet.acts_stopped, wallet.came_by_merge, auth.assurance_too_low, session.ended
   */
  async assertMay(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    { act }: WantedAct,
    details: ActDetails,
  ): Promise<void> {
    const { session } = await this.accountActs.lock(tx, caller);
    const { acts, requiresDeviceKey } = await this.embeddedWallets.settingsOf(caller.applicationId, tx);
    // What moves money, or lets others take it, is as good as a transaction. A send is one.
    const spends = act !== 'send' && details !== null && details.spends.length > 0;
    if (!acts.includes(act) || (spends && !acts.includes('sign-transaction')))
      throw embeddedWalletError('wallet.act_not_allowed');
    if (requiresDeviceKey && session.deviceKeyThumbprint === null)
      throw embeddedWalletError('wallet.device_key_required');
    await this.decisions.assertReached(caller, actOf[act], tx);
    const wallet = await tx.findOneBy(WalletEntity, { id: walletId, userId: caller.userId });
    if (!wallet) throw walletError('wallet.not_found');
    if (!(await this.embedded.isGranted(tx, walletId, caller.applicationId)))
      throw embeddedWalletError('wallet.not_granted');
    await this.freezing.assertActs(tx, caller, walletId);
  }
}
