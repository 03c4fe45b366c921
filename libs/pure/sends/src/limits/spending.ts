import { coinSpend, type DecodedActJson, type Spend, type UndecodedCall } from '@countersign/wallet-acts';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { callOf, meaningOfCall } from '../intents/call-of';
import type { Sender } from '../intents/read-intent';
import type { EvmSendIntent, SendIntent, TonSendIntent } from '../intents/send-intent';

/** What a send spends, as limits see it. */
export interface Spending {
  /** CAIP-2. */
  readonly chain: string;
  /** Of a call: its contract and the selector of its method. */
  readonly call: { readonly contract: string; readonly method: string } | null;
  readonly spends: readonly Spend[];
  readonly undecoded: readonly UndecodedCall[];
  /** On TON: the contract of the jettons or the collectible, which gets coins along with them. Then no other coins are spent. */
  readonly carrier: string | null;
}

/** Coins that go along with jettons or a collectible. Their contract may keep them. */
export interface AttachedCoins {
  /** The item, or the jetton wallet of the sender. */
  readonly to: string;
  readonly amount: bigint;
}

/** What the intent spends: of EVM by the bytes of its call, on TON with the coins that go along. */
export function spendingOf(
  intent: SendIntent,
  { chain, address }: Sender,
  attached: AttachedCoins | null,
): Spending {
  if (chain.startsWith('ton:')) {
    const coins = attached ? [coinSpend(attached.amount, address, attached.to)] : [];
    const spends = [spendOnTon(intent as TonSendIntent, address), ...coins];
    return { chain, call: null, spends, undecoded: [], carrier: attached?.to ?? null };
  }
  const [from, onEvm] = [address as EvmAddress, intent as EvmSendIntent];
  const { spends, undecoded } = meaningOfCall(callOf(onEvm, from), from);
  return { chain, call: callIn(onEvm), spends, undecoded, carrier: null };
}

/** What a signature spends. Whether the application allows what is not decoded in it is decided before. */
export function spendingOfAct({ chain, spends }: Pick<DecodedActJson, 'chain' | 'spends'>): Spending {
  const read = spends.map(({ amount, tokenId, deadline, ...spend }) => ({
    ...spend,
    amount: amount === 'unlimited' ? ('unlimited' as const) : BigInt(amount),
    tokenId: tokenId === null ? null : BigInt(tokenId),
    deadline: deadline === null ? null : BigInt(deadline),
  }));
  return { chain, call: null, spends: read, undecoded: [], carrier: null };
}

function spendOnTon(intent: TonSendIntent, owner: string): Spend {
  const token = intent.kind === 'jetton' ? intent.master : intent.kind === 'collectible' ? intent.item : null;
  const amount = intent.kind === 'collectible' ? 1n : intent.amount;
  return { ...coinSpend(amount, owner, intent.to), token };
}

function callIn(intent: EvmSendIntent): Spending['call'] {
  return intent.kind === 'call' ? { contract: intent.contract, method: intent.data.slice(0, 10) } : null;
}

/** Names the coin of a chain, or a token or collection on it, in counters. */
export function assetKey(chain: string, token: string | null): string {
  return `${chain}/${token ?? 'coin'}`;
}

/** Amounts by `assetKey`. */
export type Totals = ReadonlyMap<string, bigint>;

const EVERYTHING = 2n ** 256n - 1n;

/**
 * What is spent of each asset, where an approval counts as all that it allows. A collectible counts as one, also where a call
 * may name its id or an amount.
 */
export function totalsOf({ chain, spends }: Pick<Spending, 'chain' | 'spends'>): Totals {
  const totals = new Map<string, bigint>();
  for (const { token, amount, isAmountOrTokenId } of spends) {
    const key = assetKey(chain, token);
    const counted = amount === 'unlimited' ? EVERYTHING : amount === 0n && isAmountOrTokenId ? 1n : amount;
    totals.set(key, (totals.get(key) ?? 0n) + counted);
  }
  return totals;
}

/** The assets that a list of assets has to name, as `assetKey`. Coins that go along with a token need no entry of their own. */
export function namedAssets({ chain, spends, carrier }: Spending): readonly string[] {
  const named = spends.filter(({ token }) => token !== null || carrier === null);
  return named.map(({ token }) => assetKey(chain, token));
}
