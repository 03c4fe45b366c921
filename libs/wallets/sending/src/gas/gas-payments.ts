import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Chains, type Chain } from '@countersign/chains';
import { Clock, MINUTE } from '@countersign/clock';
import { Database } from '@countersign/database';
import {
  ActRules,
  EmbeddedWalletsRepository,
  embeddedWalletError,
  EmbeddedWalletSettings,
  FundingWallets,
  sendReadingError,
  type FundingWallet,
} from '@countersign/embedded-wallets';
import { AppError } from '@countersign/errors';
import { Outbox } from '@countersign/events';
import { WalletAddresses, WalletKeys, walletError } from '@countersign/linked-wallets';
import { Logger, Metrics, type CountBy } from '@countersign/observability';
import { UsersService } from '@countersign/users';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { SendPlans } from '../making/send-plans';
import { SendReplacements } from '../making/send-replacements';
import { SendSigning } from '../making/send-signing';
import type { ReadySend, SendPlan } from '../ports/send-port';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { keyDigest, requestDigest, sealedGas, sealedRaw, sealedSend } from '../store/send-sealing';
import { SendWaits } from '../waiting/send-waits';
import { Gas } from './gas';
import { GasRepository, type FirstPayment, type UnpaidSend } from './gas.repository';

/** How long a version of a payment has for a block before its fees are raised. */
const SPEED_UP_MS = 3 * MINUTE;

/** A payment to make. */
interface WantedPayment {
  readonly send: UnpaidSend;
  readonly userId: string;
  readonly chain: Chain;
  readonly funding: FundingWallet;
  /** The wallet that lacks coins. */
  readonly to: string;
  readonly amount: string;
  /** The most that the payment may cost: so much was counted. */
  readonly maxFee: bigint;
}

/** Sends coins from funding wallets to wallets that lack them for a fee. A payment is stored, signed and followed like any send; a send gets at most one. */
@Injectable()
export class GasPayments {
  private readonly count: CountBy<'chain' | 'outcome'>;
  private readonly left = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly rows: GasRepository,
    private readonly gas: Gas,
    private readonly rules: ActRules,
    private readonly waits: SendWaits,
    private readonly funding: FundingWallets,
    private readonly chains: Chains,
    private readonly keys: WalletKeys,
    private readonly addresses: WalletAddresses,
    private readonly plans: SendPlans,
    private readonly replacements: SendReplacements,
    private readonly signing: SendSigning,
    private readonly sends: SendsRepository,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly users: UsersService,
    private readonly broadcasts: Broadcasts,
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.count = metrics.counter(
      'countersign_gas_payments_total',
      'Attempts of funding wallets to pay fees, by chain and outcome: paid, or the code of an error.',
      'chain',
      'outcome',
    );
    metrics.gaugeBy(
      'countersign_gas_payments_left',
      'Number of payments of the highest amount that the funding wallet has coins for, by chain, as this replica last saw it.',
      'chain',
      () => Object.fromEntries(this.left),
    );
  }

  /** Calls `pay` without waiting for it. If it fails, the job `waiting-sends` repeats it. */
  begin(sendId: string): void {
    this.broadcasts.goOnWith(this.pay(sendId));
  }

  /** Pays for a send that waits for gas and has no payment. Never throws: a failed payment is retried while the send waits. */
  async pay(sendId: string): Promise<void> {
    let chain = '';
    try {
      const wanted = await this.database.read((manager) => this.wanted(manager, sendId));
      chain = wanted?.chain.id ?? '';
      if (wanted && (await this.send(wanted))) this.count({ chain, outcome: 'paid' });
    } catch (error) {
      this.count({ chain, outcome: error instanceof AppError ? error.code : 'failed' });
      this.logger.warn({ err: error, sendId }, 'the gas of a send is not paid: it is tried again');
    }
  }

  /** Raises the fees of payments on EVM chains that no block takes, within the cap of the chain: all later ones wait for them. */
  async speedUp(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - SPEED_UP_MS);
    const found = await this.database.read((manager) => this.rows.listFirst(manager, before));
    for (const payment of found) {
      const chain = this.chains.find(payment.chainId);
      if (chain?.kind === 'evm' && chain.gas) await this.speedUpOne(payment, chain, before);
    }
  }

  private async speedUpOne({ id: sendId, chainId }: FirstPayment, chain: Chain, before: Date): Promise<void> {
    try {
      const own = await this.database.read((manager) => this.funding.find(manager, chain));
      if (!own) return;
      const all = {
        own,
        wanted: { chainId, request: {} },
        settings: new EmbeddedWalletSettings(),
        maxFee: null,
      };
      await this.replacements.add(all, { kind: 'speed-up', sendId }, async (tx, { details }) => {
        await this.assertSigns(tx, own);
        const first = await this.rows.listFirst(tx, before);
        // A block has it, or another replica was faster.
        if (!first.some(({ id }) => id === sendId)) throw sendReadingError('send.settled');
        const payment = await this.sends.lock(tx, own.wallet.id, sendId);
        const maxFee = BigInt(details?.maxFee ?? '0');
        if (payment) await this.gas.countFee(tx, payment, chain, maxFee, this.clock.now());
        const record = { actor: 'system', subject: own.wallet.id, details: { paymentId: sendId } };
        await this.audit.record(tx, 'wallet.gas_sped_up', record);
      });
    } catch (error) {
      const isKnown = error instanceof AppError;
      if (isKnown && error.code === 'send.settled') return;
      this.count({ chain: chain.id, outcome: isKnown ? error.code : 'failed' });
      this.logger.warn({ err: error, sendId }, 'a payment of gas is not sped up: it is tried again');
    }
  }

  /** Locks its account. @throws AppError wallet.acts_stopped, wallet.frozen */
  private async assertSigns(tx: EntityManager, { wallet }: FundingWallet): Promise<void> {
    await this.users.lock(tx, wallet.userId);
    if (await this.embedded.findBrake(tx)) throw embeddedWalletError('wallet.acts_stopped');
    if ((await this.embedded.find(tx, wallet.id))?.frozenAt) throw embeddedWalletError('wallet.frozen');
  }

  private async wanted(manager: EntityManager, sendId: string): Promise<WantedPayment | null> {
    const send = await this.rows.findUnpaid(manager, sendId);
    const chain = send && this.chains.find(send.chainId);
    if (!send || !chain?.gas) return null;
    const { walletId } = send;
    const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
    const to = await this.addresses.read(manager, walletId);
    const funding = await this.funding.find(manager, chain);
    const gas = wallet && sealedGas.open(wallet.dataKey, sendId, send.gas);
    if (!gas || to === null || !funding) return null;
    return {
      ...{ send, chain, funding, to },
      amount: gas.amount,
      maxFee: BigInt(gas.fee),
      userId: wallet.userId,
    };
  }

  /** @returns whether this call has stored the payment */
  private async send(wanted: WantedPayment): Promise<boolean> {
    const { chain, funding, to, amount, maxFee } = wanted;
    const { id: walletId } = funding.wallet;
    const onChain = { walletId, chainId: chain.id };
    const plan = await this.plans.plan({
      ...{ own: funding, settings: new EmbeddedWalletSettings(), maxFee, isToOwn: true },
      wanted: { chainId: chain.id, request: { kind: 'coin', to, amount } },
    });
    const ready = await plan.ready();
    await this.audit.prepare();
    const id = uuidv7();
    const isPaid = await this.signing.run(onChain, async (tx) => {
      if (!(await this.lockUnpaid(tx, wanted))) return false;
      await this.assertSigns(tx, funding);
      return this.store(tx, id, wanted, { plan, ready });
    });
    if (isPaid) this.broadcasts.begin(walletId, id);
    return isPaid;
  }

  /**
   * Locks the person and the send, and decides again whether the send may go on: while nodes answered, someone may have ended it.
   * @returns false if it waits no more, or another replica has paid
   * @throws AppError send.gas_not_paid, and as `ActRules.assertStill`
   */
  private async lockUnpaid(tx: EntityManager, { send, chain }: WantedPayment): Promise<boolean> {
    const found = await this.waits.lock(tx, send.id);
    // A statement that has waited for the lock does not see a new payment: query again.
    if (!found || !(await this.rows.findUnpaid(tx, send.id))) return false;
    await this.rules.assertStill(tx, found.send);
    if (!(await this.gas.isFor(tx, send, chain))) throw sendError('send.gas_not_paid');
    return true;
  }

  /** @returns false where another program uses the funding wallet, which is frozen by that */
  private async store(
    tx: EntityManager,
    id: string,
    { send, userId, chain, funding, amount }: WantedPayment,
    { plan, ready }: { readonly plan: SendPlan; readonly ready: ReadySend },
  ): Promise<boolean> {
    const { id: walletId } = funding.wallet;
    const wallet = (await this.keys.open(tx, [walletId])).get(walletId);
    if (!wallet) throw walletError('wallet.not_found');
    const { left } = await ready.funds(tx, wallet, id);
    this.left.set(chain.id, Number(left) / Number(chain.gas?.perSend ?? 1n));
    if (left < 0n) throw sendReadingError('send.funds_too_low');
    const onChain = { walletId, chainId: chain.id };
    const { nonce, isUsedElsewhere } = await this.signing.takeNonce(tx, onChain, ready);
    if (isUsedElsewhere) {
      await this.sends.giveBack(tx, { ...onChain, nonce });
      return false;
    }
    const raw = await ready.sign(id, nonce);
    const { applicationId } = send;
    const now = this.clock.now();
    await this.sends.insert(
      tx,
      {
        ...{ id, walletId, applicationId, sessionId: null, chainId: chain.id, isCompat: false },
        ...{ revision: 0, outcome: null, createdAt: now, lookedAt: now, signedAt: now, gas: null },
        ...{ gasFor: send.id, nonce: String(nonce), state: 'broadcasting', refusal: null, freezeUntil: null },
        keyDigest: keyDigest(wallet, applicationId, send.id),
        requestDigest: requestDigest(wallet, plan.read.digest),
        details: sealedSend.seal(wallet.dataKey, id, plan.details),
        broadcastAt: nextBroadcastAt(chain, now),
      },
      {
        ...{ sendId: id, number: 1, kind: 'first', createdAt: now },
        raw: sealedRaw.seal(wallet.dataKey, [id, 1], raw),
      },
    );
    const { id: sendId, walletId: subject } = send;
    const data = { userId, walletId: subject, applicationId, sendId, gas: amount };
    await this.outbox.add(tx, 'wallet.gas_paid', [{ data, applicationIds: [applicationId] }]);
    const record = { actor: 'system', applicationId, subject, details: { sendId, paymentId: id } };
    await this.audit.record(tx, 'wallet.gas_paid', record);
    return true;
  }
}
