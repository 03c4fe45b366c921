import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { contextOf } from '@countersign/embedded-wallets';
import type { OpenedWallet } from '@countersign/linked-wallets';
import {
  DAY_MS,
  decideSend,
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
import { sealedOutcome, sealedSend, type SendOutcome } from '../store/send-sealing';
import { AddressBook } from './address-book';
import { sealedLimits } from './limits-sealing';
import { LimitsRepository, type CountedSend } from './limits.repository';
import { compatPerDayOf, limitsOf, type SendSettings } from './send.settings';
import { SharedSums } from './shared-sums';

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

interface Spent extends SpentThen {
  readonly applicationId: string;
}

/** Limits of applications, people and all wallets together. The caller has locked the user. */
@Injectable()
export class SendDecisions {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly limits: LimitsRepository,
    private readonly sums: SharedSums,
    private readonly addresses: AddressBook,
  ) {}

  /** Where the send is allowed, or waits for its delay, its recipients are known from now on. */
  async decide(tx: EntityManager, asked: AskedSend): Promise<SendDecision> {
    const { applicationId, wallet, spending, hasLaunch, now } = asked;
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const application = {
      ...limitsOf(settings.sends),
      calls: contextOf(settings.embeddedWallets).allowedCalls,
    };
    const person = await this.limitsOfPerson(tx, wallet);
    const spent = hasDayLimit(spending, application, person) ? await this.spent(tx, asked) : [];
    const there = spent.filter((each) => each.applicationId === applicationId);
    const strangers = strangersOf(spending, application);
    const known = await this.addresses.knownSince(tx, wallet, spending.chain, strangers);
    const decision = decideSend({
      application: { limits: application, spentInDay: spentWithin(DAY_MS, there, now) },
      person: person && { limits: person, spentInDay: spentWithin(DAY_MS, spent, now) },
      shared: await this.sums.read(tx, countedIn(asked, settings.sends)),
      ...{ spending, knownSince: known, hasLaunch, now },
    });
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
    await this.sums.add(tx, countedIn(asked, settings.sends));
  }

  private async limitsOfPerson(
    tx: EntityManager,
    { walletId, dataKey }: OpenedWallet,
  ): Promise<SendLimits | null> {
    const found = await this.limits.findLimits(tx, walletId);
    return found && openLimits(sealedLimits.open(dataKey, walletId, found.limits));
  }

  /** What the wallet sent since a day. */
  private async spent(tx: EntityManager, { wallet, sendId, now }: AskedSend): Promise<readonly Spent[]> {
    const since = new Date(now.getTime() - DAY_MS);
    const found = await this.limits.listCounted(tx, wallet.walletId, { since, exceptId: sendId });
    return found.flatMap((send) => {
      const outcome = sealedOutcome.open(wallet.dataKey, send.id, send.outcome);
      if (isCancelled(send, outcome)) return [];
      const totals = totalsIn(wallet, send);
      return [{ applicationId: send.applicationId, at: send.signedAt, totals }];
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
function isCancelled({ state, cancelling }: CountedSend, outcome: SendOutcome | null): boolean {
  if (state !== 'final') return false;
  return outcome !== null && 'version' in outcome && cancelling.includes(outcome.version);
}

function totalsIn({ dataKey }: OpenedWallet, { id, chainId, details }: CountedSend): Totals {
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
