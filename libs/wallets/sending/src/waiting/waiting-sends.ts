import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds, SECOND, Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { AgreedClock, Database } from '@countersign/database';
import { ActRules, EmbeddedWallets } from '@countersign/embedded-wallets';
import { AppError } from '@countersign/errors';
import { Recurring } from '@countersign/jobs';
import { WalletAddresses, WalletKeys, walletError } from '@countersign/linked-wallets';
import { Logger } from '@countersign/observability';
import { spendingOf } from '@countersign/sends';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { SendDecisions } from '../limits/send-decisions';
import { refusalOf } from '../limits/shared-sums';
import { SendPlans } from '../making/send-plans';
import { SendSigning } from '../making/send-signing';
import type { ReadRequest, ReadySend, SendPlan } from '../ports/send-port';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw, sealedSend } from '../store/send-sealing';
import { sealedRequest } from './send-wait.entity';
import { SendWaits } from './send-waits';
import { SendWaitsRepository } from './send-waits.repository';

const BATCH = 100;
const SETTLED_AT_ONCE = 4;
/** When a run takes no further batch: the next run begins after a minute. */
const RUN_MS = 45 * SECOND;
/** When a send is tried again that nodes, custody, an operator or the sends of others delayed. */
const RETRY_SECONDS = 60;
const DELAYING = [
  'send.above_share',
  'send.brake_reached',
  'send.nonces_missing',
  'send.too_many_open',
  'wallet.acts_stopped',
];

/** A send whose waiting is over, with what nodes said. */
interface DueSend {
  readonly request: ReadRequest;
  readonly plan: SendPlan;
  readonly ready: ReadySend;
}

/**
 * Decides again about sends whose waiting is over, and signs them. All that had to hold when they were asked for has to hold then,
 * too: they are ended otherwise.
 */
@Injectable()
@Recurring({ name: 'waiting-sends', cron: '* * * * *', everyMinutes: 1 })
export class WaitingSends {
  constructor(
    private readonly database: Database,
    private readonly agreedClock: AgreedClock,
    private readonly clock: Clock,
    private readonly waits: SendWaits,
    private readonly rows: SendWaitsRepository,
    private readonly sends: SendsRepository,
    private readonly rules: ActRules,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly keys: WalletKeys,
    private readonly addresses: WalletAddresses,
    private readonly plans: SendPlans,
    private readonly decisions: SendDecisions,
    private readonly signing: SendSigning,
    private readonly broadcasts: Broadcasts,
    private readonly audit: AuditService,
    private readonly logger: Logger,
    private readonly configuration: Configuration,
  ) {}

  /** @returns how many were looked at @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const now = await this.agreedClock.now();
    const deadline = performance.now() + RUN_MS * this.configuration.patience;
    const few = new Semaphore(SETTLED_AT_ONCE);
    const looked = new Set<string>();
    for (let isFull = true; isFull && performance.now() < deadline;) {
      const due = (await this.listDue(now)).filter((id) => !looked.has(id));
      await Promise.all(due.map((sendId) => few.run(() => this.settle(sendId))));
      for (const sendId of due) looked.add(sendId);
      isFull = due.length === BATCH;
    }
    return looked.size;
  }

  /** The batch of those that are due for the longest time. */
  private async listDue(now: Date): Promise<readonly string[]> {
    const asking = await this.database.read((manager) => this.rows.applicationIds(manager));
    const stopped: string[] = [];
    for (const id of asking) if (!(await this.embeddedWallets.allows(id, 'send'))) stopped.push(id);
    return this.database.read((manager) => this.rows.listDue(manager, now, { limit: BATCH, stopped }));
  }

  /** Signs the send, ends it, or leaves it for the next run. Nothing happens where it does not wait any more. */
  async settle(sendId: string): Promise<void> {
    try {
      await this.audit.prepare();
      const request = await this.database.transaction((tx) => this.open(tx, sendId));
      if (!request) return;
      const plan = await this.plans.plan(request);
      const due = { request, plan, ready: await plan.ready() };
      const walletId = request.own.wallet.id;
      const isSigned = await this.signing.run(walletId, (tx) => this.signIfAllowed(tx, sendId, due));
      if (isSigned) this.broadcasts.begin(walletId, sendId);
    } catch (error) {
      const isRefused =
        error instanceof AppError && error.kind !== 'unavailable' && !DELAYING.includes(error.code);
      if (isRefused) await this.waits.endOne(sendId, error.code);
      else await this.postpone(sendId, error);
    }
  }

  /** @returns null while its time has not come, and where it was ended */
  private async open(tx: EntityManager, sendId: string): Promise<ReadRequest | null> {
    const found = await this.waits.lock(tx, sendId);
    if (!found) return null;
    const { send, wait, wallet } = found;
    await this.rules.assertStill(tx, send);
    const now = this.clock.now();
    if (wait.launchUntil && wait.launchUntil <= now) {
      await this.waits.end(tx, send, 'send.not_confirmed', 'system');
      return null;
    }
    if (!wait.waitsUntil || wait.waitsUntil > now) return null;
    const opened = (await this.keys.open(tx, [wallet.id])).get(wallet.id);
    const address = await this.addresses.read(tx, wallet.id);
    if (!opened || address === null) throw walletError('wallet.not_found');
    const { request, maxFee } = sealedRequest.open(opened.dataKey, sendId, wait.request);
    const settings = await this.embeddedWallets.settingsOf(send.applicationId, tx);
    return this.plans.intent({
      ...{ own: { wallet, address }, wanted: { chainId: send.chainId, request } },
      ...{ settings, maxFee: BigInt(maxFee) },
    });
  }

  /** @returns whether it was signed */
  private async signIfAllowed(
    tx: EntityManager,
    sendId: string,
    { request, plan, ready }: DueSend,
  ): Promise<boolean> {
    const found = await this.waits.lock(tx, sendId);
    if (!found) return false;
    const { send, wait } = found;
    const { walletId, applicationId, chainId } = send;
    await this.rules.assertStill(tx, send);
    const wallet = (await this.keys.open(tx, [walletId])).get(walletId);
    if (!wallet) throw walletError('wallet.not_found');
    const now = this.clock.now();
    const sender = { chain: chainId, address: request.own.address };
    const spending = spendingOf(request.intent, sender, plan.attached);
    const hasLaunch = wait.confirmedAt !== null;
    const asked = { applicationId, sendId, wallet, spending, isCompat: send.isCompat, hasLaunch, now };
    const decision = await this.decisions.decide(tx, asked);
    if (decision.outcome === 'refused' && DELAYING.includes(decision.code)) throw refusalOf(decision.code);
    if (decision.outcome === 'waits-until') await this.rows.setWaitsUntil(tx, sendId, decision.at);
    else if (decision.outcome !== 'allowed') {
      const refusal = decision.outcome === 'refused' ? decision.code : 'send.not_confirmed';
      await this.waits.end(tx, send, refusal, 'system');
    }
    if (decision.outcome !== 'allowed') return false;
    await ready.assertFunds(tx, wallet, sendId);
    const { nonce, isUsedElsewhere } = await this.signing.takeNonce(tx, { walletId, chainId }, ready);
    if (isUsedElsewhere) {
      // This send has ended with all others of the wallet.
      await this.sends.giveBack(tx, { walletId, chainId, nonce });
      return false;
    }
    const raw = await ready.sign(uuidv7(), nonce);
    await this.rows.settle(tx, send, {
      ...{ state: 'broadcasting', nonce: String(nonce), signedAt: now, lookedAt: now },
      freezeUntil: this.waits.freezeUntil(),
      details: sealedSend.seal(wallet.dataKey, sendId, plan.details),
      broadcastAt: nextBroadcastAt(plan.chain, now),
    });
    await this.sends.addFirst(tx, {
      ...{ sendId, number: 1, kind: 'first', createdAt: now },
      raw: sealedRaw.seal(wallet.dataKey, [sendId, 1], raw),
    });
    await this.waits.record(tx, send, 'signed', 'system');
    await this.decisions.count(tx, asked);
    return true;
  }

  private async postpone(sendId: string, error: unknown): Promise<void> {
    this.logger.warn({ err: error, sendId }, 'a send that waited is not signed yet: it is tried again');
    const at = plusSeconds(this.clock.now(), RETRY_SECONDS);
    await this.database.transaction((tx) => this.rows.postpone(tx, sendId, at));
  }
}
