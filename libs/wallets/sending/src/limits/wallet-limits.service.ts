import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, ActDecisions } from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { assertGranted, embeddedWalletError, WalletFreezing } from '@countersign/embedded-wallets';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import {
  OwnWallets,
  WalletEntity,
  WalletKeys,
  walletError,
  type OpenedWallet,
} from '@countersign/linked-wallets';
import { areWider, limitsJson, readPersonalLimits, type LimitsJson } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { accept } from '../evm/quotes';
import { sendError } from '../sending.errors';
import { limitActs } from './limit.acts';
import { sealedLimits, sealedRecipient, type Recipient } from './limits-sealing';
import { LimitsRepository } from './limits.repository';
import { openLimits } from './send-decisions';
import { UNLIMITED } from './send.settings';

export interface KnownRecipient extends Recipient {
  readonly id: string;
  readonly knownSince: Date;
}

/** What a person lets an embedded wallet send, and to whom it sent. */
@Injectable()
export class WalletLimits {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly limits: LimitsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly accountActs: AccountActs,
    private readonly freezing: WalletFreezing,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError wallet.not_found, wallet.not_embedded */
  async get(caller: Principal, walletId: string): Promise<LimitsJson> {
    await this.assertOwn(caller, walletId);
    return this.database.read(async (manager) =>
      this.read(manager, openedIn(await this.keys.read(manager, [walletId]), walletId)),
    );
  }

  /**
   * Replaces all limits. What allows more than those before needs a step-up: a session may be stolen.
   * @throws AppError send.limits_malformed, and as `change`; for wider ones account.step_up_required, account.grant_invalid, wallet.frozen,
   * wallet.acts_stopped, wallet.came_by_merge
   */
  async set(caller: Principal, walletId: string, wanted: LimitsJson): Promise<LimitsJson> {
    const limits = accept(readPersonalLimits(wanted));
    await this.change(caller, walletId, async (tx, wallet) => {
      const isWider = areWider(openLimits(await this.read(tx, wallet)), limits);
      if (isWider) {
        await this.freezing.assertActs(tx, caller, walletId);
        await assertGranted(this.decisions, tx, caller, limitActs['wallet.widen_limits']);
      }
      const sealed = sealedLimits.seal(wallet.dataKey, walletId, limitsJson(limits));
      await this.limits.saveLimits(tx, { walletId, limits: sealed, changedAt: this.clock.now() });
      await this.record(tx, caller, walletId, 'wallet.limits_changed', { isWider: String(isWider) });
      const { userId } = caller;
      await this.events.add(tx, 'wallet.limits_changed', userId, { userId, walletId });
    });
    return limitsJson(limits);
  }

  /** Newest first. @throws AppError wallet.not_found, wallet.not_embedded */
  async recipients(caller: Principal, walletId: string, query: PageQuery): Promise<Page<KnownRecipient>> {
    await this.assertOwn(caller, walletId);
    const { limit, afterId } = toKeyset(query);
    return this.database.read(async (manager) => {
      const wallet = openedIn(await this.keys.read(manager, [walletId]), walletId);
      const found = await this.limits.listRecipients(manager, walletId, { limit: limit + 1, afterId });
      return toPage(
        found,
        limit,
        ({ id }) => id,
        ({ id, recipient, knownSince }) => ({
          ...{ id, knownSince },
          ...sealedRecipient.open(wallet.dataKey, id, recipient),
        }),
      );
    });
  }

  /** The next send to it is a first one. @throws AppError send.recipient_not_found, and as `change` */
  async removeRecipient(caller: Principal, walletId: string, id: string): Promise<void> {
    await this.change(caller, walletId, async (tx) => {
      if (!(await this.limits.deleteRecipient(tx, walletId, id))) throw sendError('send.recipient_not_found');
      await this.record(tx, caller, walletId, 'wallet.recipient_removed');
    });
  }

  /**
   * Under the lock of the account, under which sends are decided too.
   * @throws AppError wallet.not_found, wallet.not_embedded, auth.assurance_too_low, session.ended
   */
  private async change(
    caller: Principal,
    walletId: string,
    work: (tx: EntityManager, wallet: OpenedWallet) => Promise<void>,
  ): Promise<void> {
    await this.assertOwn(caller, walletId);
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const { userId } = caller;
      if (!(await tx.existsBy(WalletEntity, { id: walletId, userId }))) throw walletError('wallet.not_found');
      await this.accountActs.lock(tx, { ...caller, stepUpGrant: null });
      await this.decisions.assertReached(caller, limitActs['wallet.limit'], tx);
      await work(tx, openedIn(await this.keys.open(tx, [walletId]), walletId));
    });
  }

  private async read(manager: EntityManager, { walletId, dataKey }: OpenedWallet): Promise<LimitsJson> {
    const found = await this.limits.findLimits(manager, walletId);
    return found ? sealedLimits.open(dataKey, walletId, found.limits) : UNLIMITED;
  }

  private async assertOwn(caller: Principal, walletId: string): Promise<void> {
    const { wallet } = await this.wallets.get(caller, walletId);
    if (wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
  }

  private async record(
    tx: EntityManager,
    { sessionId, applicationId }: Principal,
    subject: string,
    action: 'wallet.limits_changed' | 'wallet.recipient_removed',
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.audit.record(tx, action, { actor: `session:${sessionId}`, applicationId, subject, details });
  }
}

function openedIn(opened: ReadonlyMap<string, OpenedWallet | null>, walletId: string): OpenedWallet {
  const wallet = opened.get(walletId);
  if (!wallet) throw walletError('wallet.not_found');
  return wallet;
}
