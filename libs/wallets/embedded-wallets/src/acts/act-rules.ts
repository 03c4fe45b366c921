import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, ActDecisions, tooLow } from '@countersign/account';
import { WalletEntity, walletError } from '@countersign/linked-wallets';
import type { Act, Principal } from '@countersign/sessions';
import { isAtLeast } from '@countersign/users';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { RestoredDatabase } from '../freezing/restored-database';
import { SettledIdentities } from '../freezing/settled-identities';
import { EmbeddedWallets, type TokenOrigin } from '../own/embedded-wallets.service';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import type { ActDetails } from '../store/wallet-act-sealing';
import { ruleOf, type ActKind } from './acts';

/** Whether an embedded wallet may act for a session. The caller has locked the user. */
@Injectable()
export class ActRules {
  constructor(
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly restored: RestoredDatabase,
    private readonly settled: SettledIdentities,
    private readonly decisions: ActDecisions,
    private readonly accountActs: AccountActs,
  ) {}

  /**
   * What has to hold when an act is asked for, and when it is performed. Of freezes and of its brake custody says when it is asked.
   * @throws AppError wallet.embedded_off, wallet.act_not_allowed, wallet.not_found,
   * wallet.acts_stopped, wallet.came_by_merge, auth.assurance_too_low, session.ended
   */
  async assertMay(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    kind: ActKind,
    details: ActDetails,
    by: TokenOrigin = 'native',
  ): Promise<void> {
    await this.accountActs.lock(tx, caller);
    const { acts } = await this.embeddedWallets.settingsOf(caller.applicationId, {
      ...{ by, tx },
    });
    // What moves money, or lets others take it, is as good as a transaction. A send is one.
    const { name, act } = ruleOf[kind];
    const spends = name !== 'send' && details !== null && details.spends.length > 0;
    if ((name !== null && !acts.includes(name)) || (spends && !acts.includes('sign-transaction')))
      throw embeddedWalletError('wallet.act_not_allowed');
    const wallet = await tx.findOneBy(WalletEntity, { id: walletId, userId: caller.userId });
    if (!wallet) throw walletError('wallet.not_found');
    await this.assertReached(tx, caller, walletId, act, by);
    if (await this.restored.isNew(tx)) throw embeddedWalletError('wallet.acts_stopped');
    await this.settled.assertMayUse(tx, caller, walletId);
  }

  /** A wallet of one application is used there; by its compatible API at the assurance that it was made at. */
  private async assertReached(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    act: Act,
    by: TokenOrigin,
  ): Promise<void> {
    const state = await this.embedded.find(tx, walletId);
    const { applicationId = null, assurance = 'platform' } = state ?? {};
    if (applicationId !== null && applicationId !== caller.applicationId)
      throw walletError('wallet.not_found');
    if (by === 'native' || applicationId === null) return this.decisions.assertAtLevel(caller, act, tx);
    if (caller.isOfAllowedBot || !isAtLeast(caller.assurance, assurance)) throw tooLow('bot-token');
  }
}
