import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { assertGranted, embeddedWalletActs } from '../acts/acts';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { MergedWallets } from '../freezing/merged-wallets';
import { RecoveriesRepository } from './recoveries.repository';
import type { WalletRecoveryEntity } from './recovery.entities';

/** What the account that has the wallets says to a recovery. */
@Injectable()
export class RecoveryAnswers {
  constructor(
    private readonly database: Database,
    private readonly recoveries: RecoveriesRepository,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly merged: MergedWallets,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Those that the account asked for, and the open one against its wallets; newest first. */
  async list({ userId }: Principal): Promise<readonly WalletRecoveryEntity[]> {
    return this.database.read((manager) => this.recoveries.listOf(manager, userId));
  }

  /** At once and without a step-up: another person may have the secret, which is used up. @throws AppError wallet.recovery_not_found */
  async refuse(caller: Principal, recoveryId: string): Promise<void> {
    await this.answer(caller, recoveryId, (tx, open) => this.refuseIn(tx, caller, open));
  }

  /** The caller has locked the user. */
  async refuseIn(tx: EntityManager, caller: Principal, { id }: WalletRecoveryEntity): Promise<void> {
    await this.recoveries.end(tx, id, 'refused', this.clock.now());
    await this.recoveries.deleteSecret(tx, caller.userId);
    await this.record(tx, 'wallet.recovery_refused', caller, id);
  }

  /**
   * After a step-up. The next call of the account that asks gets the wallets. Again changes nothing.
   * @throws AppError wallet.recovery_not_found, wallet.came_by_merge, account.step_up_required, account.grant_invalid, auth.assurance_too_low
   */
  async accept(caller: Principal, recoveryId: string): Promise<void> {
    await this.answer(caller, recoveryId, async (tx, { id, acceptedAt }) => {
      await this.merged.assertSettled(tx, caller);
      await assertGranted(this.decisions, tx, caller, embeddedWalletActs['wallet.accept_recovery']);
      if (acceptedAt) return;
      await this.recoveries.setAccepted(tx, id, this.clock.now());
      await this.record(tx, 'wallet.recovery_accepted', caller, id);
    });
  }

  private async answer(
    { userId }: Principal,
    recoveryId: string,
    work: (tx: EntityManager, open: WalletRecoveryEntity) => Promise<void>,
  ): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const open = await this.recoveries.findOpen(tx, userId);
      if (open?.id !== recoveryId) throw embeddedWalletError('wallet.recovery_not_found');
      await work(tx, open);
    });
  }

  private async record(
    tx: EntityManager,
    action: 'wallet.recovery_accepted' | 'wallet.recovery_refused',
    { sessionId, applicationId }: Principal,
    subject: string,
  ): Promise<void> {
    await this.audit.record(tx, action, { actor: `session:${sessionId}`, applicationId, subject });
  }
}
