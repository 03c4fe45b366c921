import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import type { Chain } from '@countersign/chains';
import { EmbeddedWalletsRepository, FundingWallets, sendReadingError } from '@countersign/embedded-wallets';
import { assetKey, DAY_MS, decideGas, HOUR_MS, totalsOf, type SendKind } from '@countersign/sends';
import type { AskedSend } from '../limits/send-decisions';
import { gasPerDayOf, limitsOf } from '../limits/send.settings';
import { SharedSums } from '../limits/shared-sums';
import type { ReadySend } from '../ports/send-port';
import { sendError } from '../sending.errors';
import { SendEntity } from '../store/send.entities';
import { sealedGas } from '../store/send-sealing';
import { GasRepository } from './gas.repository';

/** The cost of a send, as nodes reported it before the transaction began. */
export interface PricedSend {
  readonly chain: Chain;
  readonly kind: SendKind;
  readonly ready: ReadySend;
  /** By how much the fee may rise until the send is signed. */
  readonly margin: bigint;
}

/** Decides how much the funding wallet pays. The caller has locked the user who sends. */
@Injectable()
export class Gas {
  constructor(
    private readonly rows: GasRepository,
    private readonly applications: ApplicationsService,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly funding: FundingWallets,
    private readonly sums: SharedSums,
  ) {}

  /**
   * The amount that the funding wallet has to pay: 0 if the wallet has enough for the send. While one send waits for gas, no other
   * leaves the wallet on this chain.
   * @throws AppError send.funds_too_low, send.too_many_open, send.gas_not_paid
   */
  async lacking(tx: EntityManager, asked: AskedSend, { ready, ...priced }: PricedSend): Promise<bigint> {
    const { wallet, sendId: id, now } = asked;
    const { chain } = priced;
    const coins = await ready.funds(tx, wallet, id);
    const of = { walletId: wallet.walletId, chainId: chain.id, id };
    const others = chain.gas ? await this.rows.listPaid(tx, of, new Date(now.getTime() - DAY_MS)) : [];
    if (others.some(({ state }) => state === 'waiting')) throw sendError('send.too_many_open');
    const amounts = others.map((other) => sealedGas.open(wallet.dataKey, other.id, other.gas).amount);
    const added = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
    const caps = coins.left < 0n && chain.gas && (await this.isOn(tx, asked, chain)) ? chain.gas : null;
    const decision = decideGas({ ...priced, ...coins, added, caps });
    if (decision.outcome === 'lacks') return decision.amount;
    if (decision.outcome === 'covered') return 0n;
    throw decision.code === 'send.funds_too_low' ? sendReadingError(decision.code) : sendError(decision.code);
  }

  /**
   * Counts the payment in the sums of the caps, and seals it for the row of the send. Locks the sums: call it last.
   * @throws AppError send.gas_not_paid
   */
  async reserve(
    tx: EntityManager,
    { applicationId, sendId, wallet, now }: AskedSend,
    chain: Chain,
    amount: bigint,
  ): Promise<SendEntity['gas']> {
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const asset = assetKey(chain.id, null);
    const perDay = gasPerDayOf(settings.sends).get(asset) ?? 0n;
    const sums = [
      { id: `gas/${applicationId}/${asset}`, windowMs: DAY_MS, limit: perDay },
      { id: `gas/${asset}`, windowMs: HOUR_MS, limit: chain.gas?.perHour ?? 0n },
    ];
    if (!(await this.sums.take(tx, sums, amount, now))) throw sendError('send.gas_not_paid');
    return sealedGas.seal(wallet.dataKey, sendId, { amount: String(amount), since: now.toISOString() });
  }

  /**
   * Whether a send has to go on waiting for gas.
   * @throws AppError send.gas_not_paid if it was not paid in time, and as `lacking` and `reserve`
   */
  async waits(tx: EntityManager, asked: AskedSend, send: SendEntity, priced: PricedSend): Promise<boolean> {
    const { id, gas } = send;
    const known = sealedGas.open(asked.wallet.dataKey, id, gas);
    if (!known) {
      const amount = await this.lacking(tx, asked, priced);
      if (amount === 0n) return false;
      await tx.update(SendEntity, { id }, { gas: await this.reserve(tx, asked, priced.chain, amount) });
      return true;
    }
    if ((await priced.ready.funds(tx, asked.wallet, id)).left >= 0n) return false;
    const isLate = asked.now.getTime() - new Date(known.since).getTime() > HOUR_MS;
    if (isLate || (await this.rows.hasFailed(tx, id))) throw sendError('send.gas_not_paid');
    return true;
  }

  /** Whether the application pays gas for this send: for listed assets, and if only this service can send from the wallet. */
  private async isOn(
    tx: EntityManager,
    { applicationId, wallet: { walletId }, spending, isCompat }: AskedSend,
    chain: Chain,
  ): Promise<boolean> {
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const { assets } = limitsOf(settings.sends);
    const listed = (assets ?? []).map(({ chain: id, token }) => assetKey(id, token));
    const isListed = [...totalsOf(spending).keys()].every((asset) => listed.includes(asset));
    const isOn = gasPerDayOf(settings.sends).has(assetKey(chain.id, null));
    if (isCompat || !isOn || !isListed || settings.embeddedWallets.acts.includes('sign-transaction'))
      return false;
    const wallet = await this.embedded.find(tx, walletId);
    if (!wallet || wallet.exportedAt || wallet.usedElsewhereAt) return false;
    return (await this.funding.find(tx, chain)) !== null;
  }
}
