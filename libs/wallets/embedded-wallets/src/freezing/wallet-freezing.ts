import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { AuditService, operator, type AuditEvent } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { walletError, WalletEntity } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { assertGranted, embeddedWalletActs } from '../acts/acts';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { EmbeddedWalletEntity, Freezer, WalletBrakeEntity } from '../store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { RestoredDatabase } from './restored-database';
import { SettledIdentities } from './settled-identities';

/** Stops embedded wallets: one at once, by its person or an operator, or all by the brake. */
@Injectable()
export class WalletFreezing {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly settled: SettledIdentities,
    private readonly restored: RestoredDatabase,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Whether the wallet may act now. The caller has locked the user.
   * @throws AppError wallet.frozen, wallet.acts_stopped, and as `SettledIdentities.assertMayUse`
   */
  async assertActs(tx: EntityManager, caller: Principal, walletId: string): Promise<void> {
    if (await this.areStopped(tx)) throw embeddedWalletError('wallet.acts_stopped');
    const wallet = await this.embedded.find(tx, walletId);
    if (wallet?.frozenAt) throw embeddedWalletError('wallet.frozen');
    await this.settled.assertMayUse(tx, caller, walletId);
  }

  /** Without a step-up. Again changes nothing. @throws AppError wallet.not_found, wallet.not_embedded */
  async freeze(caller: Principal, walletId: string): Promise<void> {
    await this.change(walletId, async (tx, wallet) => {
      if (wallet.userId !== caller.userId) throw walletError('wallet.not_found');
      return this.set(tx, wallet, 'person', { actor: `session:${caller.sessionId}`, ...about(caller) });
    });
  }

  /**
   * After a step-up.
   * @throws AppError wallet.not_found, wallet.not_embedded, wallet.frozen where an operator froze it, wallet.came_by_merge,
   * account.step_up_required, account.grant_invalid, auth.assurance_too_low
   */
  async unfreeze(caller: Principal, walletId: string): Promise<void> {
    await this.change(walletId, async (tx, wallet) => {
      if (wallet.userId !== caller.userId) throw walletError('wallet.not_found');
      await this.settled.assertMayUse(tx, caller, walletId);
      await assertGranted(this.decisions, tx, caller, embeddedWalletActs['wallet.unfreeze']);
      if (wallet.state.frozenBy === 'operator') throw embeddedWalletError('wallet.frozen');
      return this.set(tx, wallet, null, { actor: `session:${caller.sessionId}`, ...about(caller) });
    });
  }

  /** By an operator, whose freeze only an operator ends. @throws AppError wallet.not_found, wallet.not_embedded */
  async freezeByOperator(walletId: string, reason: string): Promise<void> {
    await this.change(walletId, (tx, wallet) =>
      this.set(tx, wallet, 'operator', { actor: operator(), details: { reason } }),
    );
  }

  /**
   * @throws AppError wallet.not_found, wallet.not_embedded
   */
  async unfreezeByOperator(walletId: string, reason: string): Promise<void> {
    await this.change(walletId, (tx, wallet) => {
      return this.set(tx, wallet, null, { actor: operator(), details: { reason } });
    });
  }

  /** Whether all acts are stopped. */
  async areStopped(manager: EntityManager): Promise<boolean> {
    return (await this.embedded.findBrake(manager)) !== null || (await this.restored.isNew(manager));
  }

  /** Null while wallets act. */
  async brake(): Promise<WalletBrakeEntity | null> {
    return this.database.read((manager) => this.embedded.findBrake(manager));
  }

  /** Stops all acts of embedded wallets. Again dates it anew, with the new reason. */
  async applyBrake(reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.embedded.applyBrake(tx, { reason, appliedAt: this.clock.now() });
      await this.audit.record(tx, 'wallet.brake_applied', { actor: operator(), details: { reason } });
    });
  }

  /** Lets wallets act again. Again changes nothing. */
  async releaseBrake(reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.embedded.releaseBrake(tx))) return;
      await this.audit.record(tx, 'wallet.brake_released', { actor: operator(), details: { reason } });
    });
  }

  /** Under the lock of the account, under which tokens are used too. */
  private async change(
    walletId: string,
    work: (tx: EntityManager, wallet: FoundWallet) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await tx.findOneBy(WalletEntity, { id: walletId });
      if (!found) throw walletError('wallet.not_found');
      const { userId } = found;
      const isThere = await this.users.lockIfThere(tx, userId);
      const still = await tx.existsBy(WalletEntity, { id: walletId, userId });
      // A merge or an erasure was faster.
      if (!isThere || !still) throw new LostRace();
      const state = await this.embedded.lock(tx, walletId);
      if (!state) throw embeddedWalletError('wallet.not_embedded');
      await work(tx, { userId, state });
    });
  }

  private async set(
    tx: EntityManager,
    { userId, state: { walletId, frozenBy } }: FoundWallet,
    by: Freezer | null,
    record: Omit<AuditEvent, 'subject'>,
  ): Promise<void> {
    // A person does not take over the freeze of an operator.
    const changesNothing = frozenBy === 'operator' ? by === 'person' : frozenBy === by;
    if (changesNothing) return;
    // A further freeze by an operator is dated anew: who ends one has to have seen the last.
    await this.embedded.setFrozen(tx, walletId, { frozenAt: by && this.clock.now(), frozenBy: by });
    const type = by === null ? 'wallet.unfrozen' : 'wallet.frozen';
    await this.audit.record(tx, type, {
      ...record,
      subject: walletId,
      ...(frozenBy === by ? {} : { event: { userId, walletId }, toldTo: this.events.of(userId) }),
    });
  }
}

interface FoundWallet {
  readonly userId: string;
  readonly state: EmbeddedWalletEntity;
}

function about({ applicationId }: Principal): { readonly applicationId: string } {
  return { applicationId };
}
