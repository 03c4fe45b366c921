import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { assertGranted, embeddedWalletActs } from '../acts/acts';
import { MergedWallets } from '../freezing/merged-wallets';
import { EmbeddedWallets } from '../own/embedded-wallets.service';
import { RecoveriesRepository } from './recoveries.repository';
import { mintRecoverySecret } from './recovery-secret';
import { RecoveryAnswers } from './recovery-answers.service';

/** The recovery secret of an account: one for all its embedded wallets. */
@Injectable()
export class RecoverySecrets {
  constructor(
    private readonly database: Database,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly recoveries: RecoveriesRepository,
    private readonly answers: RecoveryAnswers,
    private readonly merged: MergedWallets,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * After a step-up. Replaces an earlier secret, and refuses a recovery by it.
   * @returns the secret, which is stored nowhere
   * @throws AppError wallet.embedded_off, wallet.came_by_merge, account.step_up_required, account.grant_invalid, auth.assurance_too_low
   */
  async make(caller: Principal): Promise<string> {
    await this.embeddedWallets.settingsOf(caller.applicationId);
    const { secret, digest } = mintRecoverySecret();
    await this.change(caller, 'wallet.recovery_secret_made', async (tx) => {
      await this.recoveries.putSecret(tx, { userId: caller.userId, digest, madeAt: this.clock.now() });
      return true;
    });
    return secret;
  }

  /** Whether the account has one. */
  async isMade(userId: string): Promise<boolean> {
    return (await this.database.read((manager) => this.recoveries.findSecretOf(manager, userId))) !== null;
  }

  /** After a step-up. Again changes nothing. @throws AppError as `make` */
  async remove(caller: Principal): Promise<void> {
    await this.change(caller, 'wallet.recovery_secret_removed', (tx) =>
      this.recoveries.deleteSecret(tx, caller.userId),
    );
  }

  private async change(
    caller: Principal,
    action: 'wallet.recovery_secret_made' | 'wallet.recovery_secret_removed',
    work: (tx: EntityManager) => Promise<boolean>,
  ): Promise<void> {
    const { userId, sessionId, applicationId } = caller;
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      await this.merged.assertSettled(tx, caller);
      await assertGranted(this.decisions, tx, caller, embeddedWalletActs['wallet.make_recovery_secret']);
      const open = await this.recoveries.findOpen(tx, userId);
      if (open) await this.answers.refuseIn(tx, caller, open);
      if (!(await work(tx)) && !open) return;
      await this.audit.record(tx, action, { actor: `session:${sessionId}`, applicationId });
    });
  }
}
