import { readTonTransfer } from '@countersign/ton-sends';
import type { DecodedAct, Spend } from '@countersign/wallet-acts';
import { parseTransaction } from 'viem/utils';
import { Refused } from '@countersign/custody-protocol';
import { ANY_TOKEN, type AssetRule } from './asset-rule';
import type { Rules } from './rules';
import { usedOf, type CountedPart, type LimitedSum } from './window-sums';

/** What counts of an act. */
export interface Spending {
  readonly walletId: string;
  /** Whose it is, as `personOf` names them. */
  readonly person: string;
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

type Taken = Pick<Spend, 'token' | 'amount' | 'isAmountOrTokenId' | 'isCollectible'>;

/**
 * The rules that bound what an act takes at most, by the name of each: all assets of a rule have one sum. An approval or permit takes all
 * that it allows, a transaction its highest fee too.
 * @param isConsented whether the person consented, for which the rules have amounts of their own
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
    // Else nothing is taken. The id of a collectible may be 0.
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

/**
 * The rule of the contract, or that of all others of its kind. A call that tokens and collections share counts by both, since only the
 * chain knows the contract.
 */
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

/**
 * The sums that the amounts of rules count towards. A nonce has sums of its own: of several transactions with one the dearest counts.
 * @param parts what was counted before: of sums of the nonce
 */
export function limitedSumsOf(
  { walletId, person, nonce }: Pick<Spending, 'walletId' | 'person'> & { readonly nonce: string | null },
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
      ...sharedSums(person, name, amount, rule.allPerHour),
      ...(nonce === null ? [] : [{ ...ofNonce, amount }]),
    ];
  });
}

export function countedOf(call: 'export' | 'destroy', person: string, rules: Rules): readonly LimitedSum[] {
  const limit = call === 'export' ? rules.exportsPerHour : rules.destructionsPerHour;
  return sharedSums(person, call, 1n, BigInt(limit));
}

/** A limit of all people together, of which one person can use half: the others always have the rest. */
function sharedSums(person: string, name: string, amount: bigint, limit: bigint): readonly LimitedSum[] {
  const sum = { code: 'above_hour', amount, windowMs: HOUR_MS } as const;
  return [
    { ...sum, id: `person/${person}/${name}`, limit: (limit + 1n) / 2n },
    { ...sum, id: `all/${name}`, limit },
  ];
}

/** The nonce of a transaction, or the `seqno` of a transfer of TON, with its chain: of several with one the chain takes one. Null for other acts. */
export function nonceOf({ chain, signingKind, payload }: DecodedAct): string | null {
  if (signingKind === 'evm-transaction')
    return `${chain}/${parseTransaction(`0x${payload.toString('hex')}`).nonce ?? 0}`;
  return signingKind === 'ton-transaction' ? `${chain}/${readTonTransfer(payload)?.seqno ?? ''}` : null;
}
