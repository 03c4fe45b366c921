import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ActDecisions } from '@countersign/account';
import { AuditService, personActor } from '@countersign/audit';
import { Clock, HOUR, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { WalletRegister } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UserMerging, UsersService, type MergePair } from '@countersign/users';
import { assertGranted, embeddedWalletActs } from '../acts/acts';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { AllLaterActs } from '../freezing/later-acts';
import { MergedWallets } from '../freezing/merged-wallets';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { EmbeddedWallets } from '../own/embedded-wallets.service';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { RecoveriesRepository } from './recoveries.repository';
import type { WalletRecoveryEntity } from './recovery.entities';
import { digestOfRecoverySecret } from './recovery-secret';

/** How long the account that has the wallets can refuse. */
const RECOVERY_HOURS = 72;

/** The asking account is the `survivor`, the one that has the wallets the `loser`. */
interface Found {
  readonly pair: MergePair;
  readonly open: WalletRecoveryEntity | null;
}

/** Moves the embedded wallets of an account to another one that has its recovery secret. */
@Injectable()
export class WalletRecoveries {
  constructor(
    private readonly database: Database,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly recoveries: RecoveriesRepository,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly merging: UserMerging,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly register: WalletRegister,
    private readonly freezing: WalletFreezing,
    private readonly merged: MergedWallets,
    private readonly laterActs: AllLaterActs,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * The first call opens a recovery; the same call moves the wallets when the other account has accepted, or has not refused for
   * 72 hours. Both after a step-up.
   * @throws AppError wallet.recovery_pending until then, wallet.embedded_off, wallet.recovery_secret_mistyped,
   * wallet.recovery_secret_wrong, wallet.recovery_of_own_account, wallet.recovery_by_another, wallet.recovery_from_test, wallet.acts_stopped,
   * wallet.came_by_merge, wallet.frozen, user.erasure_pending, account.step_up_required, account.grant_invalid, auth.assurance_too_low
   */
  async recover(caller: Principal, secret: string): Promise<WalletRecoveryEntity> {
    const digest = digestOfRecoverySecret(secret);
    if (!digest) throw embeddedWalletError('wallet.recovery_secret_mistyped');
    await this.embeddedWallets.settingsOf(caller.applicationId);
    await this.audit.prepare();
    const recovery = await this.database.transaction((tx) => this.recoverIn(tx, caller, digest));
    const { readyAt, endedAt } = recovery;
    if (endedAt) return recovery;
    throw embeddedWalletError('wallet.recovery_pending', {
      detail: `The wallets can be recovered from ${readyAt.toISOString()} on, if the account that has them does not refuse.`,
      retryAfterSeconds: secondsUntil(readyAt, this.clock.now()),
    });
  }

  private async recoverIn(
    tx: EntityManager,
    caller: Principal,
    digest: Buffer,
  ): Promise<WalletRecoveryEntity> {
    const ownerId = await this.recoveries.findOwner(tx, digest);
    const found = await this.lock(tx, caller, digest, ownerId);
    if (found?.open && found.open.askingUserId === caller.userId && !this.isReady(found.open))
      return found.open;
    await assertGranted(this.decisions, tx, caller, embeddedWalletActs['wallet.recover']);
    if (ownerId === caller.userId) throw embeddedWalletError('wallet.recovery_of_own_account');
    if (!found) throw embeddedWalletError('wallet.recovery_secret_wrong');
    // An erasure takes the wallets that it was requested with; a separation leaves them with the account that the identity came to.
    await this.embeddedWallets.assertNoErasure(tx, caller);
    await this.merged.assertSettled(tx, caller);
    const { pair, open } = found;
    await this.assertEnvironment(tx, caller, pair.loser.userId);
    if (!open) return this.open(tx, caller, pair);
    if (open.askingUserId !== caller.userId) throw embeddedWalletError('wallet.recovery_by_another');
    return this.complete(tx, caller, pair, open);
  }

  /** Who signs in to the test environment of a platform proves nothing about people of the other. */
  private async assertEnvironment(tx: EntityManager, caller: Principal, ownerId: string): Promise<void> {
    if ((await this.embeddedWallets.environmentOf(tx, caller)) === 'production') return;
    const wallets = await this.embedded.listOf(tx, ownerId);
    if (wallets.some(({ environment }) => environment === 'production'))
      throw embeddedWalletError('wallet.recovery_from_test');
  }

  /** @returns null for a secret that is wrong now, or whose account cannot refuse since it takes no sign-in */
  private async lock(
    tx: EntityManager,
    { userId }: Principal,
    digest: Buffer,
    ownerId: string | null,
  ): Promise<Found | null> {
    if (ownerId === null || ownerId === userId) {
      await this.users.lock(tx, userId);
      return null;
    }
    const pair = await this.merging.lock(tx, userId, ownerId);
    if (pair?.loser.status !== 'active' || pair.loser.erasure !== null) return null;
    // It may have been replaced or used meanwhile.
    if ((await this.recoveries.findOwner(tx, digest)) !== ownerId) return null;
    return { pair, open: await this.recoveries.findOpen(tx, ownerId) };
  }

  private isReady({ acceptedAt, readyAt }: WalletRecoveryEntity): boolean {
    return acceptedAt !== null || readyAt <= this.clock.now();
  }

  private async open(
    tx: EntityManager,
    { applicationId, sessionId }: Principal,
    { survivor, loser }: MergePair,
  ): Promise<WalletRecoveryEntity> {
    const askedAt = this.clock.now();
    const readyAt = new Date(askedAt.getTime() + RECOVERY_HOURS * HOUR);
    const asked = { id: uuidv7(), oldUserId: loser.userId, askingUserId: survivor.userId, applicationId };
    const recovery = { ...asked, askedAt, readyAt, acceptedAt: null, endedAt: null, outcome: null };
    await this.recoveries.insert(tx, recovery);
    await this.audit.record(tx, 'wallet.recovery_requested', {
      actor: `session:${sessionId}`,
      applicationId,
      subject: recovery.id,
      details: { from: personActor(loser.auditPseudonym), readyAt: readyAt.toISOString() },
    });
    await this.events.add(tx, 'wallet.recovery_requested', loser.userId, {
      userId: loser.userId,
      recoveryId: recovery.id,
      readyAt: readyAt.toISOString(),
    });
    return recovery;
  }

  private async complete(
    tx: EntityManager,
    { applicationId, sessionId }: Principal,
    { survivor, loser }: MergePair,
    open: WalletRecoveryEntity,
  ): Promise<WalletRecoveryEntity> {
    await this.freezing.assertMayLeave(tx, loser.userId);
    const now = this.clock.now();
    for (const { walletId } of await this.embedded.listOf(tx, loser.userId))
      await this.laterActs.stop(tx, { walletId }, 'wallet.not_granted');
    const walletIds = await this.register.moveEmbedded(tx, loser, survivor);
    if (walletIds.length > 0)
      await this.recoveries.releaseWallets(tx, walletIds, { applicationId, grantedAt: now });
    await this.recoveries.deleteSecret(tx, loser.userId);
    await this.recoveries.end(tx, open.id, 'done', now);
    for (const walletId of walletIds) {
      await this.audit.record(tx, 'wallet.recovered', {
        actor: `session:${sessionId}`,
        applicationId,
        subject: walletId,
        details: { recoveryId: open.id, from: personActor(loser.auditPseudonym) },
      });
      // The applications of each account learn of that account alone.
      for (const [type, { userId }] of [
        ['wallet.recovered', survivor],
        ['wallet.left', loser],
      ] as const)
        await this.events.add(tx, type, userId, { userId, walletId });
    }
    return { ...open, endedAt: now, outcome: 'done' };
  }
}
