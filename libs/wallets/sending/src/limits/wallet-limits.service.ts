import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  AccountActs,
  accountError,
  ActDecisions,
  StepUpRequests,
  type StepUpRequestResponse,
} from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import {
  embeddedWalletError,
  EmbeddedWalletsRepository,
  WalletFreezing,
} from '@countersign/embedded-wallets';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import {
  OwnWallets,
  shownAddress,
  type OwnWallet,
  WalletEntity,
  WalletKeys,
  walletError,
  type OpenedWallet,
} from '@countersign/linked-wallets';
import { areWider, limitsInWords, limitsJson, readPersonalLimits, type LimitsJson } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { accept } from '../evm/quotes';
import { sendError } from '../sending.errors';
import { limitActs } from './limit.acts';
import { limitsDigest, sealedLimits, sealedRecipient, type Recipient } from './limits-sealing';
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
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly limits: LimitsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly accountActs: AccountActs,
    private readonly stepUps: StepUpRequests,
    private readonly freezing: WalletFreezing,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError wallet.not_found, wallet.not_embedded, wallet.not_granted */
  async get(caller: Principal, walletId: string): Promise<LimitsJson> {
    await this.assertOwn(caller, walletId);
    return this.database.read(async (manager) => {
      await this.assertGranted(manager, caller, walletId);
      return this.read(manager, openedIn(await this.keys.read(manager, [walletId]), walletId));
    });
  }

  /**
   * Creates a code whose launch names these limits, and brings a grant for them alone.
   * @throws AppError send.limits_malformed, request.rate_limited, and as `change`
   */
  async askFor(caller: Principal, walletId: string, wanted: LimitsJson): Promise<StepUpRequestResponse> {
    const read = accept(readPersonalLimits(wanted));
    const { wallet, address } = await this.assertOwn(caller, walletId);
    const limits = limitsJson(read);
    const digest = await this.database.transaction(async (tx) =>
      limitsDigest(await this.lock(tx, caller, walletId), limits),
    );
    const lines = [
      `New limits of the wallet ${shownAddress({ ...wallet, address })}.`,
      ...limitsInWords(read),
    ];
    return this.stepUps.createFor(caller, limitActs['wallet.widen_limits'], {
      ...{ digest, lines, call: { walletId, limits } },
    });
  }

  /**
   * Replaces all limits. Wider limits need the grant of a launch that named them, since the session may be stolen.
   * @throws AppError send.limits_malformed, and as `change`; for wider ones account.step_up_required, account.grant_invalid, wallet.frozen,
   * wallet.acts_stopped, wallet.came_by_merge
   */
  async set(caller: Principal, walletId: string, wanted: LimitsJson): Promise<LimitsJson> {
    const limits = accept(readPersonalLimits(wanted));
    await this.change(caller, walletId, async (tx, wallet) => {
      const isWider = areWider(openLimits(await this.read(tx, wallet)), limits);
      if (isWider) {
        await this.freezing.assertActs(tx, caller, walletId);
        // A step-up of the session does not name limits.
        if (!caller.stepUpGrant) throw accountError('account.step_up_required');
        const digest = limitsDigest(wallet, limitsJson(limits));
        await this.decisions.assertSteppedUp(tx, caller, limitActs['wallet.widen_limits'], digest);
      }
      const sealed = sealedLimits.seal(wallet.dataKey, walletId, limitsJson(limits));
      await this.limits.saveLimits(tx, { walletId, limits: sealed, changedAt: this.clock.now() });
      await this.record(tx, caller, walletId, 'wallet.limits_changed', { isWider: String(isWider) });
      const { userId } = caller;
      await this.events.add(tx, 'wallet.limits_changed', userId, { userId, walletId });
    });
    return limitsJson(limits);
  }

  /** Newest first. @throws AppError as `get` */
  async recipients(caller: Principal, walletId: string, query: PageQuery): Promise<Page<KnownRecipient>> {
    await this.assertOwn(caller, walletId);
    const { limit, afterId } = toKeyset(query);
    return this.database.read(async (manager) => {
      await this.assertGranted(manager, caller, walletId);
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
   * @throws AppError as `get`, and auth.assurance_too_low, session.ended
   */
  private async change(
    caller: Principal,
    walletId: string,
    work: (tx: EntityManager, wallet: OpenedWallet) => Promise<void>,
  ): Promise<void> {
    await this.assertOwn(caller, walletId);
    await this.audit.prepare();
    await this.database.transaction(async (tx) => work(tx, await this.lock(tx, caller, walletId)));
  }

  private async lock(tx: EntityManager, caller: Principal, walletId: string): Promise<OpenedWallet> {
    const { userId } = caller;
    await this.users.lock(tx, userId);
    if (!(await tx.existsBy(WalletEntity, { id: walletId, userId }))) throw walletError('wallet.not_found');
    await this.accountActs.lock(tx, { ...caller, stepUpGrant: null });
    await this.decisions.assertReached(caller, limitActs['wallet.limit'], tx);
    await this.assertGranted(tx, caller, walletId);
    return openedIn(await this.keys.open(tx, [walletId]), walletId);
  }

  /** Limits apply in all applications, so only those with a grant of the wallet see and change them. */
  private async assertGranted(
    manager: EntityManager,
    { applicationId }: Principal,
    walletId: string,
  ): Promise<void> {
    if (!(await this.embedded.isGranted(manager, walletId, applicationId)))
      throw embeddedWalletError('wallet.not_granted');
  }

  private async read(manager: EntityManager, { walletId, dataKey }: OpenedWallet): Promise<LimitsJson> {
    const found = await this.limits.findLimits(manager, walletId);
    return found ? sealedLimits.open(dataKey, walletId, found.limits) : UNLIMITED;
  }

  private async assertOwn(caller: Principal, walletId: string): Promise<OwnWallet> {
    const own = await this.wallets.get(caller, walletId);
    if (own.wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
    return own;
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
