import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import type { Chain } from '@countersign/chains';
import { EmbeddedWalletsRepository, FundingWallets, sendReadingError } from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import {
  assetKey,
  DAY_MS,
  decideGas,
  HOUR_MS,
  namedAssets,
  shareOf,
  type SendKind,
} from '@countersign/sends';
import { refusal } from '../evm/quotes';
import type { AskedSend } from '../limits/send-decisions';
import { gasPerDayOf, limitsOf } from '../limits/send.settings';
import { countedMs, SharedSums } from '../limits/shared-sums';
import type { ReadySend } from '../ports/send-port';
import { sendError } from '../sending.errors';
import { SendEntity } from '../store/send.entities';
import { sealedGas, type PaidGas } from '../store/send-sealing';
import { GasRepository, type SendWithReservedGas } from './gas.repository';

/** The cost of a send, as nodes reported it before the transaction began. */
export interface PricedSend {
  readonly chain: Chain;
  readonly kind: SendKind;
  readonly ready: ReadySend;
  /** By how much the fee that the person has seen is higher than that of now. */
  readonly margin: bigint;
}

/** What the funding wallet is to add, and what a payment of it costs at most. */
export interface LackingCoins {
  readonly amount: bigint;
  readonly fee: bigint;
}

/** What a wallet reserved before. */
type Reserved = Omit<SendWithReservedGas, 'gas'> & { readonly gas: PaidGas };

/** Decides what the funding wallet pays. The caller has locked the user who sends. */
@Injectable()
export class Gas {
  constructor(
    private readonly rows: GasRepository,
    private readonly applications: ApplicationsService,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly funding: FundingWallets,
    private readonly sums: SharedSums,
    private readonly keys: WalletKeys,
  ) {}

  /**
   * What the funding wallet has to add. While one send waits for coins, no other leaves the wallet on this chain.
   * @returns null where the wallet has all that the send takes
   * @throws AppError send.funds_too_low, send.too_many_open, send.gas_not_paid, send.gas_unknown
   */
  async lacking(
    tx: EntityManager,
    asked: AskedSend,
    { ready, ...priced }: PricedSend,
  ): Promise<LackingCoins | null> {
    const { wallet, sendId: id, now } = asked;
    const { chain } = priced;
    const coins = await ready.funds(tx, wallet, id);
    const others = chain.gas ? await this.reserved(tx, asked, chain) : [];
    if (others.some(({ state }) => state === 'waiting')) throw sendError('send.too_many_open');
    const added = sumOf(others.filter(({ isAdded }) => isAdded).map(({ gas }) => BigInt(gas.amount)));
    const reserved = countedIn(others, DAY_MS, now);
    // A payment of coins takes less than what it is for.
    const margin = priced.margin < ready.fee ? priced.margin : ready.fee;
    const fee = ready.fee + margin;
    const caps = coins.left < 0n && chain.gas && (await this.isOn(tx, asked, chain)) ? chain.gas : null;
    const facts = { added, reserved, isComing: others.some(({ isComing }) => isComing) };
    const decision = decideGas({ ...priced, ...coins, ...facts, margin, reserve: ready.reserve, fee, caps });
    // One node may have raised it.
    if (decision.outcome === 'lacks' && !ready.isFeeConfirmed) throw refusal({ code: 'send.gas_unknown' });
    if (decision.outcome === 'lacks') return { amount: decision.amount, fee };
    if (decision.outcome === 'covered') return null;
    throw decision.code === 'send.funds_too_low' ? sendReadingError(decision.code) : sendError(decision.code);
  }

  /**
   * Counts the payment in the sums of the caps, and seals it for the row of the send. Locks the sums: call it last.
   * @throws AppError send.gas_not_paid
   */
  async reserve(
    tx: EntityManager,
    asked: AskedSend,
    chain: Chain,
    lacking: LackingCoins,
  ): Promise<SendEntity['gas']> {
    const gas = await this.take(tx, asked, chain, lacking);
    if (!gas) throw sendError('send.gas_not_paid');
    return gas;
  }

  /**
   * As `reserve`.
   * @returns null where the sums that all share, or the part of them that one wallet takes, have no room now
   * @throws AppError send.gas_not_paid where they never have
   */
  private async take(
    tx: EntityManager,
    asked: AskedSend,
    chain: Chain,
    lacking: LackingCoins,
  ): Promise<SendEntity['gas']> {
    const { applicationId, sendId, wallet, now } = asked;
    const { amount, fee } = lacking;
    const counted = amount + fee;
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const limit = gasPerDayOf(settings.sends).get(assetKey(chain.id, null)) ?? 0n;
    const { ofHour, ...sums } = sumsOf(applicationId, chain);
    const ofDay = { ...sums.ofDay, limit };
    // It never has room.
    if ([ofDay, ofHour].some(({ limit }) => counted > shareOf(limit))) throw sendError('send.gas_not_paid');
    const others = await this.reserved(tx, asked, chain);
    const ofApplication = others.filter((other) => other.applicationId === applicationId);
    const isAboveShare = [[ofDay, ofApplication] as const, [ofHour, others] as const].some(
      ([{ windowMs, limit }, own]) => countedIn(own, countedMs(windowMs), now) + counted > shareOf(limit),
    );
    if (isAboveShare || !(await this.sums.take(tx, [ofDay, ofHour], counted, now))) return null;
    return sealedGas.seal(wallet.dataKey, sendId, {
      amount: String(amount),
      fee: String(fee),
      since: now.toISOString(),
    });
  }

  /**
   * Whether the funding wallet is to pay for a send that waited, which then goes on waiting. So it does where nothing can be reserved
   * now: others took it, and would end it.
   * @throws AppError send.gas_not_paid where it did not in time, and as `lacking` and `take`
   */
  async waits(tx: EntityManager, asked: AskedSend, send: SendEntity, priced: PricedSend): Promise<boolean> {
    const { id, gas } = send;
    const known = sealedGas.open(asked.wallet.dataKey, id, gas);
    if (!known) {
      const lacking = await this.lacking(tx, asked, priced);
      if (!lacking) return false;
      const taken = await this.take(tx, asked, priced.chain, lacking);
      if (taken) await tx.update(SendEntity, { id }, { gas: taken });
      return true;
    }
    if ((await priced.ready.funds(tx, asked.wallet, id)).left >= 0n) return false;
    const isLate = asked.now.getTime() - new Date(known.since).getTime() > HOUR_MS;
    if (isLate || (await this.rows.hasFailed(tx, id))) throw sendError('send.gas_not_paid');
    return true;
  }

  /**
   * Counts what a payment may cost more than was counted, as for the send that it is for. Only the sum of all wallets stops it: all
   * later payments wait for this one. Locks the sums.
   * @param fee the most that the payment costs from now on
   * @throws AppError send.gas_not_paid
   */
  async countFee(
    tx: EntityManager,
    { applicationId, gasFor }: Pick<SendEntity, 'applicationId' | 'gasFor'>,
    chain: Chain,
    fee: bigint,
    now: Date,
  ): Promise<void> {
    // Null after an erasure: how much was counted is not known.
    const send = gasFor === null ? null : await this.rows.lock(tx, gasFor);
    const wallet = send && (await this.keys.open(tx, [send.walletId])).get(send.walletId);
    const known = wallet && sealedGas.open(wallet.dataKey, send.id, send.gas);
    const more = fee - BigInt(known?.fee ?? '0');
    if (more <= 0n) return;
    const { ofDay, ofHour } = sumsOf(applicationId, chain);
    if (!(await this.sums.take(tx, [{ ...ofDay, limit: null }, ofHour], more, now)))
      throw sendError('send.gas_not_paid');
    if (!known) return;
    const gas = sealedGas.seal(wallet.dataKey, send.id, { ...known, fee: String(fee) });
    await tx.update(SendEntity, { id: send.id }, { gas });
  }

  /** For other sends of the wallet. */
  private async reserved(
    tx: EntityManager,
    { wallet: { walletId, dataKey }, sendId: id, now }: AskedSend,
    chain: Chain,
  ): Promise<readonly Reserved[]> {
    const found = await this.rows.listReserved(tx, { walletId, chainId: chain.id, id }, now);
    return found.map((other) => ({ ...other, gas: sealedGas.open(dataKey, other.id, other.gas) }));
  }

  /** Whether the application has gas for wallets like this one on the chain: nothing else moves coins of it. */
  async isFor(
    tx: EntityManager,
    { applicationId, walletId }: Pick<SendEntity, 'applicationId' | 'walletId'>,
    chain: Chain,
  ): Promise<boolean> {
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const isOn = gasPerDayOf(settings.sends).has(assetKey(chain.id, null));
    if (!isOn || (await this.isSignedElsewhere(tx, walletId))) return false;
    const wallet = await this.embedded.find(tx, walletId);
    return wallet !== null && !wallet.exportedAt && !wallet.usedElsewhereAt;
  }

  /** Whether the application has gas for this send: of listed assets. */
  private async isOn(
    tx: EntityManager,
    { applicationId, wallet: { walletId }, spending, isCompat }: AskedSend,
    chain: Chain,
  ): Promise<boolean> {
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const { assets } = limitsOf(settings.sends);
    const listed = (assets ?? []).map(({ chain: id, token }) => assetKey(id, token));
    const isListed = namedAssets(spending).every((asset) => listed.includes(asset));
    if (isCompat || !isListed || !(await this.isFor(tx, { applicationId, walletId }, chain))) return false;
    return (await this.funding.find(tx, chain)) !== null;
  }

  /** Whether an application that may use the wallet signs transactions for others to send, which take any coins. */
  private async isSignedElsewhere(tx: EntityManager, walletId: string): Promise<boolean> {
    for (const { applicationId } of await this.embedded.grantsOf(tx, walletId)) {
      const { settings } = await this.applications.getByIdWithin(tx, applicationId);
      if (settings.embeddedWallets.acts.includes('sign-transaction')) return true;
    }
    return false;
  }
}

/** What an application pays in a day, and all of them in an hour. */
function sumsOf(applicationId: string, chain: Chain) {
  const asset = assetKey(chain.id, null);
  return {
    ofDay: { id: `gas/${applicationId}/${asset}`, windowMs: DAY_MS },
    ofHour: { id: `gas/${asset}`, windowMs: HOUR_MS, limit: chain.gas?.perHour ?? 0n },
  };
}

/** With the fees of payments: a payment of next to nothing costs the funding wallet as much. */
function countedIn(reserved: readonly Reserved[], windowMs: number, now: Date): bigint {
  const found = reserved.filter(({ gas }) => now.getTime() - new Date(gas.since).getTime() < windowMs);
  return sumOf(found.map(({ gas }) => BigInt(gas.amount) + BigInt(gas.fee)));
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
