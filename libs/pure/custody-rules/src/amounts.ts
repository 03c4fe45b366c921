import { readTonTransfer } from '@countersign/transfers';
import type { DecodedAct, Spend } from '@countersign/wallet-acts';
import { Refused } from '@countersign/custody-protocol';
import { ANY_TOKEN, type AssetRule } from './asset-rule';
import { signedOf } from './nonces';
import type { Rules } from './rules';
import type { LimitedSum } from './window-sums';

export interface Spending {
  readonly walletId: string;
  readonly person: string;
  readonly act: DecodedAct;
  /** Whether the person consented. The rules have separate amounts for such acts. */
  readonly isConsented: boolean;
}

interface RuledAmount {
  readonly rule: AssetRule['withConsent'];
  readonly amount: bigint;
}

type AddedAmount = RuledAmount & Omit<Outstanding, 'ofNonce'> & { readonly added: bigint };

const EVERYTHING = 2n ** 256n - 1n;
const NOTHING = { ofNonce: 0n, ofWallet: 0n, ofPerson: 0n, ofAll: 0n };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Taken = Pick<Spend, 'token' | 'amount' | 'isAmountOrTokenId' | 'isCollectible'>;

/**
 * The rules that bound the amounts of an act, by name. All assets of a rule share one sum. An approval or permit counts
 * with all that it allows, a transaction also with its highest fee. @param isConsented rules have their own amounts for
 * acts with consent
 * @throws Refused `asset_not_allowed`
 */
export function ruledAmountsOf(
  { assets }: Pick<Rules, 'assets'>,
  { chain, spends, maxFee }: Pick<DecodedAct, 'chain' | 'spends' | 'maxFee'>,
  isConsented: boolean,
): ReadonlyMap<string, RuledAmount> {
  const ruled = new Map<string, RuledAmount>();
  const ofChain = assets.filter((one) => one.chain === chain);
  const fee: Taken = { token: null, amount: maxFee ?? 0n, isAmountOrTokenId: false, isCollectible: false };
  for (const taken of [...spends, fee]) {
    // Otherwise nothing is taken. The id of a collectible may be 0.
    if (taken.amount === 0n && !taken.isAmountOrTokenId) continue;
    for (const { token, kind, withConsent, ...rule } of rulesOf(ofChain, taken)) {
      const amount = amountBy(kind, taken);
      if (amount === 0n) continue;
      const asset = token === ANY_TOKEN && kind === 'collectible' ? '*collectible' : (token ?? 'coin');
      const name = `${isConsented ? 'consented/' : ''}${chain}/${asset}`;
      const limits = isConsented ? withConsent : rule;
      ruled.set(name, { rule: limits, amount: amount + (ruled.get(name)?.amount ?? 0n) });
    }
  }
  return ruled;
}

/** The contract's rule, or its kind's general rule. A call that tokens and collections share counts by both. */
function rulesOf(
  assets: readonly AssetRule[],
  { token, isAmountOrTokenId, isCollectible }: Taken,
): readonly AssetRule[] {
  const kind = token === null ? 'coin' : isCollectible ? 'collectible' : 'token';
  const kinds: readonly AssetRule['kind'][] = isAmountOrTokenId ? ['token', 'collectible'] : [kind];
  const exact = assets.filter((one) => one.token === token);
  const others = token === null ? [] : assets.filter((one) => one.token === ANY_TOKEN);
  const rules = (exact.length > 0 ? exact : others).filter((one) => kinds.includes(one.kind));
  if (rules.length < (exact.length > 0 ? 1 : kinds.length)) throw new Refused('asset_not_allowed');
  return rules;
}

function amountBy(kind: AssetRule['kind'], { amount, isAmountOrTokenId }: Taken): bigint {
  if (amount === 'unlimited') return EVERYTHING;
  return kind === 'collectible' && isAmountOrTokenId ? 1n : amount;
}

/** Signed amounts that can still move: under the act's nonce, by the wallet, by the person's wallets, by all. */
export type Outstanding = { readonly name: string } & Readonly<
  Record<'ofNonce' | 'ofWallet' | 'ofPerson' | 'ofAll', bigint>
>;

/** The chain takes one transaction per nonce, so only the largest amount of a nonce counts. */
export function addedOf(
  ruled: ReadonlyMap<string, RuledAmount>,
  outstanding: readonly Outstanding[],
): readonly AddedAmount[] {
  return [...ruled].map(([name, { rule, amount }]) => {
    const before = outstanding.find((one) => one.name === name) ?? NOTHING;
    return { ...before, name, rule, amount, added: amount > before.ofNonce ? amount - before.ofNonce : 0n };
  });
}

/** @throws Refused `above_outstanding` */
export function assertOutstanding(all: readonly AddedAmount[]): void {
  for (const { rule, amount, added, ofWallet, ofPerson, ofAll } of all) {
    for (const [used, limit] of [
      [ofWallet, rule.outstanding.wallet],
      [ofPerson, halfOf(rule.outstanding.all)],
      [ofAll, rule.outstanding.all],
    ] as const)
      // An amount of 0 also reverts earlier signed amounts.
      if (amount > limit || (added > 0n && used + added > limit)) throw new Refused('above_outstanding');
  }
}

export function limitedSumsOf(
  { walletId, person }: Pick<Spending, 'walletId' | 'person'>,
  all: readonly AddedAmount[],
): readonly LimitedSum[] {
  return all.flatMap(({ name, rule, amount: whole, added }): readonly LimitedSum[] => {
    // An amount of 0 also reverts counted amounts.
    const amount = rule.walletPerDay === 0n || rule.allPerHour === 0n ? whole : added;
    if (amount === 0n) return [];
    return [
      { code: 'above_day', id: `${walletId}/${name}`, amount, limit: rule.walletPerDay, windowMs: DAY_MS },
      ...sharedSums(person, name, amount, rule.allPerHour),
    ];
  });
}

export function countedOf(call: 'export' | 'destroy', person: string, rules: Rules): readonly LimitedSum[] {
  const limit = call === 'export' ? rules.exportsPerHour : rules.destructionsPerHour;
  return sharedSums(person, call, 1n, BigInt(limit));
}

/** One person can use half of a limit of all people, so the others always have the rest. */
function halfOf(limit: bigint): bigint {
  return (limit + 1n) / 2n;
}

function sharedSums(person: string, name: string, amount: bigint, limit: bigint): readonly LimitedSum[] {
  const sum = { code: 'above_hour', amount, windowMs: HOUR_MS } as const;
  return [
    { ...sum, id: `person/${person}/${name}`, limit: halfOf(limit) },
    { ...sum, id: `all/${name}`, limit },
  ];
}

/** The chain with the nonce, or on TON the `seqno`: it takes only one act of each. Null for other acts. */
export function nonceOf(act: DecodedAct): string | null {
  const isTon = act.signingKind === 'ton-transaction';
  const nonce = isTon ? readTonTransfer(act.payload)?.seqno : signedOf(act).nonce;
  return nonce === null ? null : `${act.chain}/${nonce}`;
}
