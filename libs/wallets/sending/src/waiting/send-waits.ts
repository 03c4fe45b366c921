import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import {
  HasLaterActs,
  sendReadingError,
  type LaterActs,
  type LaterActsOf,
} from '@countersign/embedded-wallets';
import { Outbox } from '@countersign/events';
import { OwnWallets, WalletEntity, walletError, type OpenedWallet } from '@countersign/linked-wallets';
import type { SendDecision } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { LimitsRepository } from '../limits/limits.repository';
import { sendError } from '../sending.errors';
import type { SendEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { codeOf } from './send-codes';
import { sealedRequest, type SendWaitEntity, type WaitingRequest } from './send-wait.entity';
import { SendWaitsRepository } from './send-waits.repository';

/** Of one wallet. */
const MAX_WAITING = 16;
/** How long the freeze code of a send is valid after the wait: people read messages late, and a thief continues. */
const FREEZE_SECONDS = 3_600;
/** How long a launch may name a send. */
const LAUNCH_SECONDS = 600;

export type WaitingDecision = Extract<SendDecision, { readonly outcome: 'waits-for-launch' | 'waits-until' }>;

/** A send that waits. */
interface LockedSend {
  readonly send: SendEntity;
  readonly wait: SendWaitEntity;
  readonly wallet: WalletEntity;
}

/** Lets sends wait, unsigned, and ends that. */
@Injectable()
@HasLaterActs()
export class SendWaits implements LaterActs {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly users: UsersService,
    private readonly accountActs: AccountActs,
    private readonly sends: SendsRepository,
    private readonly waits: SendWaitsRepository,
    private readonly limits: LimitsRepository,
    private readonly applications: ApplicationsService,
    private readonly events: AccountEvents,
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** In the transaction that used up the token. @throws AppError send.too_many_open */
  async begin(
    tx: EntityManager,
    wallet: OpenedWallet,
    send: Omit<SendEntity, 'nonce' | 'state' | 'signedAt'>,
    request: WaitingRequest,
    decision: WaitingDecision,
  ): Promise<void> {
    const { id: sendId, walletId, applicationId } = send;
    if ((await this.waits.listOf(tx, { walletId })).length >= MAX_WAITING)
      throw sendError('send.too_many_open');
    const isForLaunch = decision.outcome === 'waits-for-launch';
    await this.waits.insert(
      tx,
      { ...send, nonce: null, state: 'waiting', signedAt: null },
      {
        ...{ sendId, launchedAt: null, confirmedAt: null },
        request: sealedRequest.seal(wallet.dataKey, sendId, request),
        waitsUntil: isForLaunch ? null : decision.at,
        launchUntil: isForLaunch ? plusSeconds(send.createdAt, LAUNCH_SECONDS) : null,
      },
    );
    const { userId } = wallet;
    const warning = { userId, walletId, freezeCode: codeOf('freeze', wallet, sendId) };
    const others = await this.othersOf(tx, send, userId);
    await this.outbox.add(tx, 'wallet.send_waiting', [
      { data: { ...warning, applicationId, sendId }, applicationIds: [applicationId] },
      // A thief may control the application that sent.
      ...(others.length > 0 ? [{ data: warning, applicationIds: others }] : []),
    ]);
  }

  /** The other first-party applications of the person. Third-party ones see no wallets. */
  private async othersOf(
    tx: EntityManager,
    { applicationId }: Pick<SendEntity, 'applicationId'>,
    userId: string,
  ): Promise<readonly string[]> {
    const own = await this.events.applicationIdsFor(tx, 'wallet.send_waiting', userId);
    const others: string[] = [];
    for (const id of own ?? []) {
      const { trust } = await this.applications.getByIdWithin(tx, id);
      if (id !== applicationId && trust === 'first-party') others.push(id);
    }
    return others;
  }

  /** By its person, from any session: it only takes away. @throws AppError wallet.not_found, send.not_found, send.settled */
  async cancel(caller: Principal, walletId: string, sendId: string): Promise<void> {
    await this.wallets.get(caller, walletId);
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      await this.accountActs.lock(tx, caller);
      if (!(await tx.existsBy(WalletEntity, { id: walletId, userId: caller.userId })))
        throw walletError('wallet.not_found');
      const send = await this.sends.lock(tx, walletId, sendId);
      if (!send) throw sendReadingError('send.not_found');
      if (send.state !== 'waiting') throw sendReadingError('send.settled');
      await this.end(tx, send, null, `session:${caller.sessionId}`);
    });
  }

  async stop(tx: EntityManager, of: LaterActsOf, refusal: string): Promise<void> {
    await this.endAll(tx, of, refusal);
    if (of.applicationId === undefined) await this.waits.endFreezeCodes(tx, of.walletId);
  }

  /**
   * Those that wait are never signed. The caller has locked the persons who have the wallets, and called `AuditService.prepare`.
   * @param refusal the code of the rule
   */
  async endAll(
    tx: EntityManager,
    of: Parameters<SendWaitsRepository['listOf']>[1],
    refusal: string,
  ): Promise<void> {
    for (const send of await this.waits.listOf(tx, of)) await this.end(tx, send, refusal, 'system');
  }

  /** Ends a send if it still waits. Call `AuditService.prepare` first. */
  async endOne(sendId: string, refusal: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await this.lock(tx, sendId);
      if (found) await this.end(tx, found.send, refusal, 'system');
    });
  }

  /** Locks the person and the send. @returns null if it no longer waits */
  async lock(tx: EntityManager, sendId: string): Promise<LockedSend | null> {
    const found = await this.waits.findSend(tx, sendId);
    if (!found) return null;
    const isThere = await this.users.lockIfThere(tx, found.userId);
    const wallet = await tx.findOneBy(WalletEntity, { id: found.walletId, userId: found.userId });
    // A merge, a recovery or an erasure was faster.
    if (!isThere || !wallet) throw new LostRace();
    const send = await this.sends.lock(tx, wallet.id, sendId);
    const wait = await this.waits.find(tx, sendId);
    return send && wait ? { send, wait, wallet } : null;
  }

  /** The end of the freeze code, for a send whose wait ends now. */
  freezeUntil(): Date {
    return plusSeconds(this.clock.now(), FREEZE_SECONDS);
  }

  /** @param refusal the code of the rule; null where its person cancelled it */
  async end(tx: EntityManager, send: SendEntity, refusal: string | null, actor: string): Promise<void> {
    const { confirmedAt: from = null } = (await this.waits.find(tx, send.id)) ?? {};
    // Else a send that is cancelled at once would make its recipient known.
    await this.limits.removeRecipients(tx, send.walletId, { at: send.createdAt, from });
    await this.waits.settle(tx, send, { state: 'not-sent', refusal, freezeUntil: this.freezeUntil() });
    await this.outbox.add(tx, 'wallet.send_not_sent', await this.sends.endedFor(tx, send));
    await this.record(tx, send, refusal ?? 'cancelled', actor);
  }

  async record(
    tx: EntityManager,
    { id: sendId, walletId, applicationId }: Pick<SendEntity, 'id' | 'walletId' | 'applicationId'>,
    outcome: string,
    actor: string,
  ): Promise<void> {
    const details = { sendId, outcome };
    await this.audit.record(tx, 'wallet.send_settled', { actor, applicationId, subject: walletId, details });
  }
}
