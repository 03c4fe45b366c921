import type { Spend } from '@countersign/wallet-acts';
import type { SendRefusal } from '../send-refusals';
import type { ApplicationSendLimits, BrakeLimit, SendLimits } from './send-limits';
import { assetKey, namedAssets, totalsOf, type Spending, type Totals } from './spending';

/** Limits, and what counts towards them. */
export interface SendPolicy<Limits extends SendLimits = SendLimits> {
  readonly limits: Limits;
  /**
   * What was sent in the last 24 hours, this send left out: of an application by this person there, of a person by all applications.
   * A send counts from its signing, and no more once nothing of it can be mined.
   */
  readonly spentInDay: Totals;
}

/** What wallets send together. Sends of other people change it between a decision and its commit: see `refusedBySums`. */
export interface SharedSums {
  /** The limits of all wallets together. */
  readonly brake: { readonly limits: readonly BrakeLimit[]; readonly spentInHour: Totals };
  /**
   * What the application may send by tokens of compatible APIs, which name no act: nothing of an asset that is not listed. Null for a
   * send with a wallet token.
   */
  readonly compat: { readonly perDay: Totals; readonly spentInDay: Totals } | null;
}

/** The share of this wallet in the shared sums, including sends that moved nothing: these count there too. */
export interface OwnSums {
  readonly brake: Totals;
  readonly compat: Totals;
}

export interface SendFacts {
  readonly spending: Spending;
  readonly application: SendPolicy<ApplicationSendLimits>;
  /** Null where the person set none. */
  readonly person: SendPolicy | null;
  readonly shared: SharedSums;
  readonly own: OwnSums;
  /** Since when the person knows an address: the instant of the first send to it, which this one may be. */
  readonly knownSince: ReadonlyMap<string, Date>;
  /** Whether a launch named this send. */
  readonly hasLaunch: boolean;
  readonly now: Date;
}

export type SendDecision =
  | { readonly outcome: 'allowed' }
  | { readonly outcome: 'refused'; readonly code: SendRefusal }
  | { readonly outcome: 'waits-for-launch' }
  /** The send is decided again then, since limits and counters may be others. */
  | { readonly outcome: 'waits-until'; readonly at: Date };

/** No token has as many units. */
const UNLIMITED = 2n ** 128n;

/**
 * Decides whether a send may be signed now. What one policy refuses no other allows; a launch is asked for before the delay, and neither
 * changes what is refused. An amount that is exactly a limit is within it.
 */
export function decideSend(facts: SendFacts): SendDecision {
  const { spending, application, person, shared, hasLaunch } = facts;
  const policies = person === null ? [application] : [application, person];
  const totals = totalsOf(spending);
  const strangers = strangersOf(spending, application.limits);
  const code =
    refusedCall(facts) ??
    refusedTarget(spending.chain, strangers, application.limits) ??
    (person
      ? refusedTarget(spending.chain, recipientsOf(spending, application.limits), person.limits)
      : undefined) ??
    policies.map((policy) => refusedAmount(spending, policy)).find(Boolean) ??
    refusedBySums(spending, shared) ??
    refusedByShare(facts);
  if (code) return { outcome: 'refused', code };
  if (!hasLaunch && policies.some(({ limits }) => needsLaunch(totals, limits))) {
    return { outcome: 'waits-for-launch' };
  }
  const delayMs = Math.max(...policies.map(({ limits }) => limits.firstSendDelayMs));
  const at = earliest(strangers, facts, delayMs);
  return at <= facts.now ? { outcome: 'allowed' } : { outcome: 'waits-until', at };
}

/** The rules for calls, which only the application can allow. */
function refusedCall({ spending, application, person, shared }: SendFacts): SendRefusal | undefined {
  const { chain, call, spends, undecoded } = spending;
  const { calls } = application.limits;
  const used = [...(call ? [call] : []), ...undecoded];
  const areAllowed = used.every(({ contract, method }) =>
    calls.some((one) => one.chain === chain && one.contract === contract && one.method === method),
  );
  if (!areAllowed) return 'send.call_not_allowed';
  const isUnlimited = spends.some(
    ({ kind, amount }) => amount === 'unlimited' || (kind !== 'transfer' && amount >= UNLIMITED),
  );
  if (isUnlimited) return 'send.approval_unlimited';
  return undecoded.length > 0 && (person?.limits.assets || shared.compat) ? 'send.call_undecoded' : undefined;
}

function refusedTarget(
  chain: string,
  targets: readonly string[],
  { chains, recipients }: SendLimits,
): SendRefusal | undefined {
  if (chains && !chains.includes(chain)) return 'send.chain_not_allowed';
  const areAllowed = targets.every((to) => !recipients || recipients.includes(to));
  return areAllowed ? undefined : 'send.recipient_not_allowed';
}

function refusedAmount(
  spending: Spending,
  { limits: { assets }, spentInDay }: SendPolicy,
): SendRefusal | undefined {
  if (!assets) return undefined;
  const named = namedAssets(spending);
  for (const [key, total] of totalsOf(spending)) {
    const limits = assets.filter(({ chain, token }) => assetKey(chain, token) === key);
    if (limits.length === 0 && named.includes(key)) return 'send.asset_not_allowed';
    if (limits.some(({ perAct }) => perAct !== null && total > perAct)) return 'send.above_act_limit';
    const ofDay = total + (spentInDay.get(key) ?? 0n);
    if (limits.some(({ perDay }) => perDay !== null && ofDay > perDay)) return 'send.above_day_limit';
  }
  return undefined;
}

/** Whether wallets together sent too much by now. It is decided again where the sums are locked. */
export function refusedBySums(spending: Spending, { brake, compat }: SharedSums): SendRefusal | undefined {
  // A call that spends nothing costs its fee.
  if (compat?.perDay.size === 0) return 'send.above_compat_limit';
  const named = namedAssets(spending);
  for (const [key, total] of totalsOf(spending)) {
    const ofHour = total + (brake.spentInHour.get(key) ?? 0n);
    const isBraked = brake.limits.some(
      ({ chain, token, perHour }) => assetKey(chain, token) === key && ofHour > perHour,
    );
    if (isBraked) return 'send.brake_reached';
    if (!compat) continue;
    const perDay = compat.perDay.get(key);
    if (perDay === undefined ? named.includes(key) : total + (compat.spentInDay.get(key) ?? 0n) > perDay)
      return 'send.above_compat_limit';
  }
  return undefined;
}

/** One wallet can use at most this fraction (1/4) of a shared limit, so that it cannot stop the others alone. */
const SHARES = 4n;

/** The share of one wallet in a limit of all wallets, rounded up. */
export function shareOf(limit: bigint): bigint {
  return (limit + SHARES - 1n) / SHARES;
}

/** Exact for parallel sends, since those of one wallet are decided one after the other. */
function refusedByShare({ spending, shared: { brake, compat }, own }: SendFacts): SendRefusal | undefined {
  for (const [key, total] of totalsOf(spending)) {
    const ofHour = total + (own.brake.get(key) ?? 0n);
    const isAbove = brake.limits.some(
      ({ chain, token, perHour }) => assetKey(chain, token) === key && ofHour > shareOf(perHour),
    );
    if (isAbove) return 'send.above_share';
    const perDay = compat?.perDay.get(key);
    if (perDay !== undefined && total + (own.compat.get(key) ?? 0n) > shareOf(perDay))
      return 'send.above_compat_limit';
  }
  return undefined;
}

function needsLaunch(totals: Totals, { assets }: SendLimits): boolean {
  return (assets ?? []).some(
    ({ chain, token, launchAbove }) =>
      launchAbove !== null && (totals.get(assetKey(chain, token)) ?? 0n) > launchAbove,
  );
}

/** When the delay of the newest recipient is over. */
function earliest(targets: readonly string[], { knownSince, now }: SendFacts, delayMs: number): Date {
  const instants = targets.map((to) => (knownSince.get(to) ?? now).getTime() + delayMs);
  return new Date(Math.max(0, ...instants));
}

/** Recipients and spenders, and contracts of calls that are not decoded, which may send anywhere. */
function recipientsOf(spending: Spending, application: ApplicationSendLimits): readonly string[] {
  const { undecoded } = spending;
  return [
    ...untrustedSpends(spending, application).map(({ to }) => to),
    ...undecoded.flatMap(({ contract }) => contract ?? []),
  ];
}

/** Without the coins for the contract of a token that the operator lists. */
function untrustedSpends(
  { chain, spends, carrier }: Spending,
  { assets, tokens }: Pick<ApplicationSendLimits, 'assets' | 'tokens'>,
): readonly Spend[] {
  const isListed = (token: string): boolean =>
    tokens.includes(token) || (assets ?? []).some((one) => one.chain === chain && one.token === token);
  const isTrusted = carrier !== null && spends.every(({ token }) => token === null || isListed(token));
  return spends.filter(({ token }) => token !== null || !isTrusted);
}

/**
 * Recipients that the application does not vouch for. It vouches for the contracts that are called, and for those whose methods it allows
 * as spenders; what is transferred to them without a call of them may be lost. On TON it vouches for the contracts of listed tokens.
 */
export function strangersOf(
  spending: Spending,
  application: Pick<ApplicationSendLimits, 'assets' | 'calls' | 'tokens'>,
): readonly string[] {
  const { chain, call, undecoded } = spending;
  const called = [call, ...undecoded].map((one) => one?.contract);
  const isSpender = (to: string): boolean =>
    application.calls.some((one) => one.chain === chain && one.contract === to);
  return untrustedSpends(spending, application)
    .filter(({ kind, to }) => !called.includes(to) && (kind === 'transfer' || !isSpender(to)))
    .map(({ to }) => to);
}
