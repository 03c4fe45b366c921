import type { SendKind } from '../intents/send-intent';

/** Coins that are left after a send, in the smallest unit. */
export interface CoinsLeft {
  /** As two nodes say at least; negative where the wallet has too few. */
  readonly left: bigint;
  /** How many all nodes say that it lacks, counting those that are too new; 0 where one says that it has enough. */
  readonly lacking: bigint;
}

const NODES_NEEDED = 2;
/** Sends whose fee is paid: of tokens and collectibles. */
const PAID_KINDS: readonly SendKind[] = ['token', 'collectible', 'jetton'];

/** @param said by two nodes at least: what is left by their latest block, and by one that is deep enough to count */
export function coinsLeft(said: readonly { readonly latest: bigint; readonly deep: bigint }[]): CoinsLeft {
  const sorted = said
    .map(({ latest, deep }) => (latest < deep ? latest : deep))
    .toSorted((one, other) => (one > other ? -1 : 1));
  const most = said.map(({ latest }) => latest).reduce((one, other) => (one > other ? one : other));
  return { left: sorted[NODES_NEEDED - 1] ?? -1n, lacking: most < 0n ? -most : 0n };
}

export interface GasFacts extends CoinsLeft {
  readonly kind: SendKind;
  /** By how much the fee may rise until the send is signed. */
  readonly margin: bigint;
  /** What was added to the wallet in the last 24 hours, and what is to be added. */
  readonly added: bigint;
  /** Null where nothing is paid for this send. */
  readonly caps: { readonly perSend: bigint; readonly perWalletPerDay: bigint } | null;
}

export type GasDecision =
  | { readonly outcome: 'covered' }
  | { readonly outcome: 'refused'; readonly code: 'send.funds_too_low' | 'send.gas_not_paid' }
  /** The wallet lacks coins, which the funding wallet adds. */
  | { readonly outcome: 'lacks'; readonly amount: bigint };

/**
 * Whether a wallet has the coins that a send takes, and what is added for it. Coins that were added in the last 24 hours are for sends
 * of tokens alone. Where one node says that the wallet has enough, its coins are too new or a node lies, and nothing is added.
 */
export function decideGas({ kind, left, lacking, margin, added, caps }: GasFacts): GasDecision {
  const isPaidKind = PAID_KINDS.includes(kind);
  if (left >= (isPaidKind ? 0n : added)) return { outcome: 'covered' };
  if (!isPaidKind || lacking === 0n || !caps) return { outcome: 'refused', code: 'send.funds_too_low' };
  const amount = lacking + margin;
  const isWithin = amount <= caps.perSend && added + amount <= caps.perWalletPerDay;
  return isWithin ? { outcome: 'lacks', amount } : { outcome: 'refused', code: 'send.gas_not_paid' };
}
