import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, ActDecisions } from '@countersign/account';
import { Clock } from '@countersign/clock';
import { SessionsService, type Principal } from '@countersign/sessions';
import { IdentitiesService } from '@countersign/users';
import type { WalletPatch } from '../dto/wallet.request';
import type { WalletEntity } from '../store/wallet.entity';
import { WalletsRepository } from '../store/wallets.repository';
import { refusalOf, canSignIn } from '../wallet-uses';
import { walletError } from '../wallets.errors';
import { walletActs } from './wallet-acts';

interface TrustChange {
  readonly fields: readonly string[];
  /** For the audit trail. */
  readonly details: Readonly<Record<string, string>>;
  /** The sessions that ended. */
  readonly ended: readonly string[];
}

/** What a person lets a wallet do in the account. The caller holds the locks of the user and of the wallets. */
@Injectable()
export class TrustedWallets {
  constructor(
    private readonly wallets: WalletsRepository,
    private readonly acts: AccountActs,
    private readonly decisions: ActDecisions,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError wallet.is_connected, wallet.is_embedded, wallet.no_contract, wallet.owners_changed_again, wallet.other_identity_required, identity.last_one,
   * identity.last_at_level, account.step_up_required,
   * account.grant_invalid, auth.assurance_too_low
   */
  async change(
    tx: EntityManager,
    caller: Principal,
    wallet: WalletEntity,
    { canSignIn: wanted, ownersConfirmed }: WalletPatch,
  ): Promise<TrustChange> {
    if (wallet.kind !== 'linked') {
      if (wanted === true) throw walletError(`wallet.is_${wallet.kind}`);
      return { fields: [], details: {}, ended: [] };
    }
    const isAllowed = canSignIn(wallet);
    const [allows, withdraws] = [wanted === true && !isAllowed, wanted === false && isAllowed];
    if (ownersConfirmed !== undefined && ownersConfirmed !== wallet.ownersChanges)
      throw walletError('wallet.owners_changed_again');
    const confirms = ownersConfirmed !== undefined && wallet.ownersChangedAt !== null;
    if (withdraws && wallet.chainId === null) throw walletError('wallet.no_contract');
    const trail = allows || confirms ? await this.assertVouchedFor(tx, caller, wallet) : {};
    if (allows) await this.wallets.setSignInAllowedAt(tx, wallet.id, this.clock.now());
    if (confirms) await this.wallets.confirmOwners(tx, wallet.id);
    const ended = withdraws ? await this.withdraw(tx, caller, wallet) : [];
    return {
      fields: [...(allows || withdraws ? ['canSignIn'] : []), ...(confirms ? ['ownersChangedAt'] : [])],
      details: {
        ...trail,
        ...(allows || withdraws ? { canSignIn: String(allows) } : {}),
        ...(withdraws ? { endedSessions: String(ended.length) } : {}),
      },
      ended,
    };
  }

  /** @returns what the audit trail says of the session */
  private async assertVouchedFor(
    tx: EntityManager,
    caller: Principal,
    { identityId }: WalletEntity,
  ): Promise<Readonly<Record<string, string>>> {
    const own = await this.wallets.findByIdentity(tx, caller.identityId);
    if (caller.identityId === identityId || (own && refusalOf(own, 'act')))
      throw walletError('wallet.other_identity_required');
    return (await this.decisions.assertSteppedUp(tx, caller, walletActs['wallet.trust'])).trail;
  }

  private async withdraw(
    tx: EntityManager,
    { applicationId }: Principal,
    { id, userId, identityId }: WalletEntity,
  ): Promise<readonly string[]> {
    if (identityId === null) throw walletError('wallet.is_embedded');
    const level = await this.acts.levelOf(tx, applicationId, userId);
    await this.identities.assertRemovable(tx, userId, identityId, level);
    await this.wallets.setSignInAllowedAt(tx, id, null);
    return this.sessions.endOfIdentity(tx, { userId, id: identityId }, 'ended-by-owner');
  }
}
