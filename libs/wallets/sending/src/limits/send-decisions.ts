import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { Chains } from '@countersign/chains';
import { contextOf, sendRefusal } from '@countersign/embedded-wallets';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { Metrics, type CountBy } from '@countersign/observability';
import {
  decideSend,
  limitedSumsOf,
  partOf,
  refusedBySums,
  type LimitedSum,
  type SendRefusal,
  type Spending,
} from '@countersign/sends';
import { sumDigest } from '../store/send-sealing';
import { compatPerDayOf, limitsOf } from './send.settings';
import { SendSumsRepository } from './send-sums.repository';

/** A send that is to be signed now. */
interface AskedSend {
  readonly applicationId: string;
  readonly wallet: OpenedWallet;
  readonly spending: Spending;
  /** Whether a token of a compatible API asked for it, which names no act. */
  readonly isCompat: boolean;
  readonly now: Date;
}

/** With the id of its rows. */
type StoredSum = LimitedSum & { readonly id: string };

/** The limits of the operator. */
@Injectable()
export class SendDecisions {
  private readonly braked: CountBy<'chain'>;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly sums: SendSumsRepository,
    private readonly chains: Chains,
    metrics: Metrics,
  ) {
    this.braked = metrics.counter(
      'countersign_sends_braked_total',
      'Sends that this replica refused since all wallets together sent as much of an asset of the chain as they may.',
      'chain',
    );
    // An alert sees the first one too.
    for (const { id, maxSentPerHour } of chains.list())
      if (maxSentPerHour.length > 0) this.braked({ chain: id }, 0);
  }

  /** Before custody signs: sends that are decided at the same time are not counted. @throws AppError as `decideSend` and `count` */
  async assertAllowed(tx: EntityManager, asked: AskedSend): Promise<void> {
    await this.assertWithin(tx, asked, await this.sumsOf(tx, asked));
  }

  /**
   * Decides again with the sums that no other send changes until the transaction ends, and adds the send to them. Other wallets wait
   * meanwhile: call it last.
   * @throws AppError send.above_day_limit, send.brake_reached, send.above_compat_limit
   */
  async count(tx: EntityManager, asked: AskedSend): Promise<void> {
    const sums = await this.sumsOf(tx, asked);
    if (sums.length === 0) return;
    await this.sums.lock(
      tx,
      sums.map(({ id }) => id),
    );
    await this.assertWithin(tx, asked, sums);
    for (const sum of sums)
      await this.sums.add(tx, {
        id: sum.id,
        startsAt: partOf(sum, asked.now),
        amount: String(sum.amount),
      });
  }

  /** The sums that the send counts in. @throws AppError as `decideSend` */
  private async sumsOf(tx: EntityManager, asked: AskedSend): Promise<readonly StoredSum[]> {
    const { applicationId, wallet, spending, isCompat } = asked;
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const { tokens = [], maxSentPerHour = [] } = this.chains.find(spending.chain) ?? {};
    const facts = {
      spending,
      limits: {
        ...limitsOf(settings.sends),
        calls: contextOf(settings.embeddedWallets).allowedCalls,
        tokens: tokens.map(({ address }) => address),
      },
      brake: maxSentPerHour.map((limit) => ({ chain: spending.chain, ...limit })),
      compatPerDay: isCompat ? compatPerDayOf(settings.sends) : null,
    };
    const code = decideSend(facts);
    if (code) throw sendRefusal(code);
    const ids = {
      'send.above_day_limit': (asset: string) => sumDigest(wallet, applicationId, asset),
      'send.brake_reached': (asset: string) => `all/${asset}`,
      'send.above_compat_limit': (asset: string) => `compat/${applicationId}/${asset}`,
    } satisfies Partial<Record<SendRefusal, unknown>>;
    return limitedSumsOf(facts).map((sum) => ({ ...sum, id: ids[sum.code](sum.asset) }));
  }

  private async assertWithin(
    tx: EntityManager,
    { spending, now }: AskedSend,
    sums: readonly StoredSum[],
  ): Promise<void> {
    const stored = await this.sums.find(
      tx,
      sums.map(({ id }) => id),
    );
    const refused = refusedBySums(
      sums,
      (sum) => {
        const parts = stored.filter(({ id }) => id === sum.id);
        return parts.map(({ startsAt, amount }) => ({ startsAt, amount: BigInt(amount) }));
      },
      now,
    );
    if (!refused) return;
    const { code, retryAfterSeconds } = refused;
    if (code === 'send.brake_reached') this.braked({ chain: spending.chain });
    throw sendRefusal(code, retryAfterSeconds === null ? {} : { retryAfterSeconds });
  }
}
