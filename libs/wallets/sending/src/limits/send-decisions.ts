import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { Chains } from '@countersign/chains';
import { contextOf } from '@countersign/embedded-wallets';
import { AppError } from '@countersign/errors';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { Metrics, type CountBy } from '@countersign/observability';
import {
  DAY_MS,
  decideSend,
  HOUR_MS,
  readPersonalLimits,
  spentWithin,
  strangersOf,
  totalsOf,
  type SendDecision,
  type SendLimits,
  type Spending,
  type SpentThen,
  type Totals,
} from '@countersign/sends';
import type { SendEntity } from '../store/send.entities';
import { sealedOutcome, sealedSend, type SendOutcome } from '../store/send-sealing';
import { AddressBook } from './address-book';
import { sealedLimits } from './limits-sealing';
import { LimitsRepository, type SignedSend } from './limits.repository';
import { compatPerDayOf, limitsOf, type SendSettings } from './send.settings';
import { countedMs, SharedSums } from './shared-sums';

/** A send that is to be signed now. */
export interface AskedSend {
  readonly applicationId: string;
  /** It does not count against itself. */
  readonly sendId: string;
  readonly wallet: OpenedWallet;
  readonly spending: Spending;
  /** Whether a token of a compatible API asked for it, which names no act. */
  readonly isCompat: boolean;
  /** Whether a launch named it. */
  readonly hasLaunch: boolean;
  readonly now: Date;
}

/** Of sends that may be, or are, in a block. */
const MOVING: readonly SendEntity['state'][] = ['broadcasting', 'mined', 'final'];

interface Spent extends SpentThen {
  readonly applicationId: string;
  readonly isCompat: boolean;
  /** Whether it may be, or is, in a block. */
  readonly counts: boolean;
}

/** Limits of applications, people and all wallets together. The caller has locked the user. */
@Injectable()
export class SendDecisions {
  private readonly braked: CountBy<'chain'>;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly limits: LimitsRepository,
    private readonly sums: SharedSums,
    private readonly addresses: AddressBook,
    metrics: Metrics,
    private readonly chains: Chains,
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

  /** Where the send is allowed, or waits for its delay, its recipients are known from now on. */
  async decide(tx: EntityManager, asked: AskedSend): Promise<SendDecision> {
    const { applicationId, wallet, spending, hasLaunch, now } = asked;
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const application = {
      ...limitsOf(settings.sends),
      calls: contextOf(settings.embeddedWallets).allowedCalls,
      tokens: (this.chains.find(spending.chain)?.tokens ?? []).map(({ address }) => address),
    };
    const person = await this.limitsOfPerson(tx, wallet);
    const shared = await this.sums.read(tx, countedIn(asked, settings.sends));
    const windows = [
      hasDayLimit(spending, application, person) ? DAY_MS : 0,
      shared.brake.limits.length > 0 ? countedMs(HOUR_MS) : 0,
      shared.compat ? countedMs(DAY_MS) : 0,
    ];
    const signed = await this.signed(tx, asked, Math.max(...windows));
    const spent = signed.filter(({ counts }) => counts);
    const isThere = (each: Spent): boolean => each.applicationId === applicationId;
    const ofCompat = signed.filter((each) => each.isCompat && isThere(each));
    const strangers = strangersOf(spending, application);
    const known = await this.addresses.knownSince(tx, wallet, spending.chain, strangers);
    const decision = decideSend({
      application: { limits: application, spentInDay: spentWithin(DAY_MS, spent.filter(isThere), now) },
      person: person && { limits: person, spentInDay: spentWithin(DAY_MS, spent, now) },
      own: {
        brake: spentWithin(countedMs(HOUR_MS), signed, now),
        compat: spentWithin(countedMs(DAY_MS), ofCompat, now),
      },
      ...{ shared, spending, knownSince: known, hasLaunch, now },
    });
    if (decision.outcome === 'refused') this.noteRefusal(spending, decision.code);
    const unknown = strangers.filter((address) => !known.has(address));
    if (decision.outcome === 'allowed' || decision.outcome === 'waits-until')
      await this.addresses.add(tx, wallet, spending.chain, unknown, now);
    return decision;
  }

  /**
   * Counts a send in the sums that all wallets share. Its own row counts for application and person. Call it last in the transaction
   * that signs: others wait for these rows.
   * @throws AppError send.brake_reached, send.above_compat_limit where other sends were faster
   */
  async count(tx: EntityManager, asked: AskedSend): Promise<void> {
    const { settings } = await this.applications.getByIdWithin(tx, asked.applicationId);
    try {
      await this.sums.add(tx, countedIn(asked, settings.sends));
    } catch (error) {
      if (error instanceof AppError) this.noteRefusal(asked.spending, error.code);
      throw error;
    }
  }

  private noteRefusal({ chain }: Spending, code: string): void {
    if (code === 'send.brake_reached') this.braked({ chain });
  }

  private async limitsOfPerson(
    tx: EntityManager,
    { walletId, dataKey }: OpenedWallet,
  ): Promise<SendLimits | null> {
    const found = await this.limits.findLimits(tx, walletId);
    return found && openLimits(sealedLimits.open(dataKey, walletId, found.limits));
  }

  /** What the wallet signed in the last `windowMs`. */
  private async signed(
    tx: EntityManager,
    { wallet, sendId, now }: AskedSend,
    windowMs: number,
  ): Promise<readonly Spent[]> {
    if (windowMs === 0) return [];
    const since = new Date(now.getTime() - windowMs);
    const found = await this.limits.listSigned(tx, wallet.walletId, { since, exceptId: sendId });
    return found.map((send) => {
      const { applicationId, isCompat, signedAt, state } = send;
      const outcome = sealedOutcome.open(wallet.dataKey, send.id, send.outcome);
      const counts = MOVING.includes(state) && !isCancelled(send, outcome);
      return { applicationId, isCompat, at: signedAt, counts, totals: totalsIn(wallet, send) };
    });
  }
}

/** As they were sealed. */
export function openLimits(json: unknown): SendLimits {
  const read = readPersonalLimits(json);
  if (!read.ok) throw new RangeError('stored limits of a person are not well-formed');
  return read.value;
}

function countedIn(
  { applicationId, spending, isCompat, now }: AskedSend,
  settings: SendSettings,
): Parameters<SharedSums['add']>[1] {
  return { applicationId, spending, now, compatPerDay: isCompat ? compatPerDayOf(settings) : null };
}

/** Whether sums of the day decide anything. */
function hasDayLimit(spending: Spending, ...all: readonly (SendLimits | null)[]): boolean {
  const assets = all.flatMap((limits) => limits?.assets ?? []);
  return assets.some(({ chain, perDay }) => chain === spending.chain && perDay !== null);
}

/** Until the cancellation is final, a reorganisation can put another version into a block. */
function isCancelled({ state, cancelling }: SignedSend, outcome: SendOutcome | null): boolean {
  if (state !== 'final') return false;
  return outcome !== null && 'version' in outcome && cancelling.includes(outcome.version);
}

function totalsIn({ dataKey }: OpenedWallet, { id, chainId, details }: SignedSend): Totals {
  const { spends } = sealedSend.open(dataKey, id, details);
  return totalsOf({
    chain: chainId,
    spends: spends.map(({ amount, ...spend }) => ({
      ...spend,
      tokenId: null,
      deadline: null,
      amount: amount === 'unlimited' ? amount : BigInt(amount),
    })),
  });
}
