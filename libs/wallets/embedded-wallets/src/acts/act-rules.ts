import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, ActDecisions } from '@countersign/account';
import { WalletEntity, walletError } from '@countersign/linked-wallets';
import {
  sessionError,
  SessionsService,
  toPrincipal,
  type EndReason,
  type Principal,
  type Session,
} from '@countersign/sessions';
import { userError, UsersService } from '@countersign/users';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { EmbeddedWallets } from '../own/embedded-wallets.service';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import type { ActDetails } from '../store/wallet-act-sealing';
import { actOf } from './acts';
import type { WantedAct } from './read-act';

/**
 * Ends of a session that are no defence against its holder: what it asked for before goes on. A logout is none of them: a thief who
 * logs out would be out of reach of all others.
 */
export const HARMLESS_ENDS: readonly EndReason[] = ['idle', 'evicted'];

/** A send that was allowed, and waited. */
export interface WaitedSend {
  readonly walletId: string;
  /** The session that asked; `null` when its row was deleted. */
  readonly sessionId: string | null;
  readonly createdAt: Date;
}

/** Whether an embedded wallet may act for a session. The caller has locked the user. */
@Injectable()
export class ActRules {
  constructor(
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly freezing: WalletFreezing,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
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
    await this.assertOf(tx, caller, session, walletId, act, details);
  }

  /**
   * What has to hold when a send is signed that waited: the same, but its session may have run out.
   * @throws AppError as `assertMay`, and user.deactivated; session.ended where someone ended the session, or all of the person, to
   * keep its holder out
   */
  async assertStill(tx: EntityManager, { walletId, sessionId, createdAt }: WaitedSend): Promise<void> {
    const session = sessionId === null ? null : await this.sessions.lockById(tx, sessionId);
    const caller = session && toPrincipal({ ...session, authenticatedAt: createdAt });
    if (!caller || (session.endReason !== null && !HARMLESS_ENDS.includes(session.endReason)))
      throw sessionError('session.ended');
    const { status } = await this.users.getById(caller.userId, tx);
    if (status !== 'active') throw userError('user.deactivated');
    const notBefore = await this.users.findNotBefore(tx, caller);
    if (notBefore && notBefore >= createdAt) throw sessionError('session.ended');
    await this.embeddedWallets.assertNoErasure(tx, caller);
    await this.assertOf(tx, caller, session, walletId, 'send', null);
  }

  private async assertOf(
    tx: EntityManager,
    caller: Principal,
    { deviceKeyThumbprint }: Session,
    walletId: string,
    act: WantedAct['act'],
    details: ActDetails,
  ): Promise<void> {
    const { acts, requiresDeviceKey } = await this.embeddedWallets.settingsOf(caller.applicationId, tx);
    // What moves money, or lets others take it, is as good as a transaction. A send is one.
    const spends = act !== 'send' && details !== null && details.spends.length > 0;
    if (!acts.includes(act) || (spends && !acts.includes('sign-transaction')))
      throw embeddedWalletError('wallet.act_not_allowed');
    if (requiresDeviceKey && deviceKeyThumbprint === null)
      throw embeddedWalletError('wallet.device_key_required');
    await this.decisions.assertReached(caller, actOf[act], tx);
    const wallet = await tx.findOneBy(WalletEntity, { id: walletId, userId: caller.userId });
    if (!wallet) throw walletError('wallet.not_found');
    if (!(await this.embedded.isGranted(tx, walletId, caller.applicationId)))
      throw embeddedWalletError('wallet.not_granted');
    await this.freezing.assertActs(tx, caller, walletId);
  }
}
