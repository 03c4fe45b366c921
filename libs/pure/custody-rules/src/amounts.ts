import { readTonTransfer } from '@countersign/ton-sends';
import type { DecodedAct } from '@countersign/wallet-acts';
import { parseTransaction } from 'viem/utils';
import { Refused } from '@countersign/custody-protocol';
import { ANY_TOKEN, type AssetRule, type Rules } from './rules';
import { usedOf, type CountedPart, type LimitedSum } from './window-sums';

/** What counts of an act. */
export interface Spending {
  readonly walletId: string;
  readonly act: DecodedAct;
  /** Whether its person consented, for which the rules have amounts of their own. */
  readonly isConsented: boolean;
}

interface RuledAmount {
  readonly rule: AssetRule['withConsent'];
  readonly amount: bigint;
}

const EVERYTHING = 2n ** 256n - 1n;
/** More than any rule names. */
const NO_LIMIT = EVERYTHING ** 2n;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * What a signature takes of each asset at most: an approval or permit all that it allows, a transaction its highest fee too. What may
 * be the id of a collectible counts as a number of units, and 0 as one.
 */
export function amountsOf({
  spends,
  maxFee,
}: Pick<DecodedAct, 'spends' | 'maxFee'>): ReadonlyMap<string | null, bigint> {
  const amounts = new Map<string | null, bigint>();
  const add = (token: string | null, amount: bigint): void => {
    if (amount > 0n) amounts.set(token, (amounts.get(token) ?? 0n) + amount);
  };
  for (const { token, amount, isAmountOrTokenId } of spends)
    add(token, amount === 'unlimited' ? EVERYTHING : amount === 0n && isAmountOrTokenId ? 1n : amount);
  add(null, maxFee ?? 0n);
  return amounts;
}

/**
 * The rules that bound what an act takes, by the name of each: all assets of a rule have one sum. The caller names the master of
 * jettons, which no bytes show, so that invented ones must not have sums of their own.
 * @param isConsented whether the person consented, for which the rules have amounts of their own
 * @throws Refused `asset_not_allowed`
 */
export function ruledAmountsOf(
  { assets }: Rules,
  act: DecodedAct,
  isConsented: boolean,
): ReadonlyMap<string, RuledAmount> {
  const ruled = new Map<string, RuledAmount>();
  const ofChain = assets.filter(({ chain }) => chain === act.chain);
  for (const [token, amount] of amountsOf(act)) {
    const exact = ofChain.find((one) => one.token === token);
    const rule = exact ?? (token === null ? undefined : ofChain.find((one) => one.token === ANY_TOKEN));
    if (!rule) throw new Refused('asset_not_allowed');
    const name = `${isConsented ? 'consented/' : ''}${rule.chain}/${rule.token ?? 'coin'}`;
    const limits = isConsented ? rule.withConsent : rule;
    ruled.set(name, { rule: limits, amount: amount + (ruled.get(name)?.amount ?? 0n) });
  }
  return ruled;
}

/**
 * The sums that the amounts of rules count towards. A nonce has sums of its own: of several transactions with one the dearest counts.
 * @param parts what was counted before: of sums of the nonce
 */
export function limitedSumsOf(
  { walletId, nonce }: { readonly walletId: string; readonly nonce: string | null },
  ruled: ReadonlyMap<string, RuledAmount>,
  parts: readonly CountedPart[],
  now: Date,
): readonly LimitedSum[] {
  return [...ruled].flatMap(([name, { rule, amount: whole }]): readonly LimitedSum[] => {
    const ofDay = { code: 'above_day', windowMs: DAY_MS } as const;
    const ofNonce = { ...ofDay, id: `${walletId}/${nonce}/${name}`, limit: NO_LIMIT };
    // An amount of 0 takes back what was counted too.
    const isTakenBack = rule.walletPerDay === 0n || rule.allPerHour === 0n;
    const amount = whole - (isTakenBack ? 0n : usedOf(ofNonce, parts, now));
    if (amount <= 0n) return [];
    return [
      { ...ofDay, id: `${walletId}/${name}`, amount, limit: rule.walletPerDay },
      { code: 'above_hour', id: `all/${name}`, amount, limit: rule.allPerHour, windowMs: HOUR_MS },
      ...(nonce === null ? [] : [{ ...ofNonce, amount }]),
    ];
  });
}

export function countedOf(call: 'export' | 'destroy', rules: Rules): LimitedSum {
  const limit = call === 'export' ? rules.exportsPerHour : rules.destructionsPerHour;
  return { code: 'above_hour', id: `all/${call}`, amount: 1n, limit: BigInt(limit), windowMs: HOUR_MS };
}

/** The nonce of a transaction, or the `seqno` of a transfer of TON, with its chain: of several with one the chain takes one. Null for other acts. */
export function nonceOf({ chain, signingKind, payload }: DecodedAct): string | null {
  if (signingKind === 'evm-transaction')
    return `${chain}/${parseTransaction(`0x${payload.toString('hex')}`).nonce ?? 0}`;
  return signingKind === 'ton-transaction' ? `${chain}/${readTonTransfer(payload)?.seqno ?? ''}` : null;
}
