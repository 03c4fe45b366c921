import type { Spend } from '@countersign/wallet-acts';
import type { SendRefusal } from '../send-refusals';
import type { ApplicationSendLimits, BrakeLimit } from './send-limits';
import { assetKey, namedAssets, totalsOf, type Spending, type Totals } from './spending';

export interface SendFacts {
  readonly spending: Spending;
  readonly limits: ApplicationSendLimits;
  /** The limits of all wallets together. */
  readonly brake: readonly BrakeLimit[];
  /**
   * What the application may send in a day by tokens of compatible APIs, which name no act: nothing of an asset that is not listed.
   * Null for a send with a wallet token.
   */
  readonly compatPerDay: Totals | null;
}

/** No token has as many units. */
const UNLIMITED = 2n ** 128n;

/** Why a send may not be signed, without regard to earlier ones; null where it may. An amount that is exactly a limit is within it. */
export function decideSend(facts: SendFacts): SendRefusal | null {
  return refusedCall(facts) ?? refusedTarget(facts) ?? refusedAmount(facts) ?? null;
}

/** The rules for calls, which only the application can allow. */
function refusedCall({ spending, limits, compatPerDay }: SendFacts): SendRefusal | undefined {
  const { chain, call, spends, undecoded } = spending;
  const used = [...(call ? [call] : []), ...undecoded];
  const areAllowed = used.every(({ contract, method }) =>
    limits.calls.some((one) => one.chain === chain && one.contract === contract && one.method === method),
  );
  if (!areAllowed) return 'send.call_not_allowed';
  const isUnlimited = spends.some(
    ({ kind, amount }) => amount === 'unlimited' || (kind !== 'transfer' && amount >= UNLIMITED),
  );
  if (isUnlimited) return 'send.approval_unlimited';
  return undecoded.length > 0 && compatPerDay ? 'send.call_undecoded' : undefined;
}

function refusedTarget({ spending, limits }: SendFacts): SendRefusal | undefined {
  const { chains, recipients } = limits;
  if (chains && !chains.includes(spending.chain)) return 'send.chain_not_allowed';
  const areAllowed = strangersOf(spending, limits).every((to) => !recipients || recipients.includes(to));
  return areAllowed ? undefined : 'send.recipient_not_allowed';
}

function refusedAmount({ spending, limits, compatPerDay }: SendFacts): SendRefusal | undefined {
  // A call that spends nothing costs its fee.
  if (compatPerDay?.size === 0) return 'send.above_compat_limit';
  const named = namedAssets(spending);
  for (const [key, total] of totalsOf(spending)) {
    const asset = limits.assets?.find(({ chain, token }) => assetKey(chain, token) === key);
    if (limits.assets && !asset && named.includes(key)) return 'send.asset_not_allowed';
    const perAct = asset?.perAct ?? null;
    if (perAct !== null && total > perAct) return 'send.above_act_limit';
    if (compatPerDay && !compatPerDay.has(key) && named.includes(key)) return 'send.above_compat_limit';
  }
  return undefined;
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
 * Recipients that the application does not trust. It trusts the contracts that are called, and as spenders those whose methods it
 * allows; what is transferred to them without a call of them may be lost. On TON it trusts the contracts of listed tokens.
 */
function strangersOf(
  spending: Spending,
  limits: Pick<ApplicationSendLimits, 'assets' | 'calls' | 'tokens'>,
): readonly string[] {
  const { chain, call, undecoded } = spending;
  const called = [call, ...undecoded].map((one) => one?.contract);
  const isSpender = (to: string): boolean =>
    limits.calls.some((one) => one.chain === chain && one.contract === to);
  return untrustedSpends(spending, limits)
    .filter(({ kind, to }) => !called.includes(to) && (kind === 'transfer' || !isSpender(to)))
    .map(({ to }) => to);
}
