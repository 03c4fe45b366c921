import type { SendKind } from '../intents/send-intent';
import { NODES_NEEDED } from '../nodes-needed';

/** The coins of a wallet after a send, in the smallest unit. */
export interface CoinsLeft {
  /** The amount that at least two nodes confirm; negative if the wallet has too few. */
  readonly left: bigint;
  /** What is missing according to all nodes, unconfirmed coins included; 0 if a node says that there is enough. */
  readonly lacking: bigint;
}

/** The kinds of sends whose fee is paid. */
const PAID_KINDS: readonly SendKind[] = ['token', 'collectible', 'jetton'];

/** @param said the coins left according to at least two nodes: at their latest block, and at a block with enough confirmations */
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
  /** The gas of the wallet: paid in the last 24 hours, or still to be paid. */
  readonly added: bigint;
  /** What was to be added in the last 24 hours, also for sends that ended without it, with the fees of payments. */
  readonly reserved: bigint;
  /** Whether coins are on their way to the wallet: nodes may say that it lacks them. */
  readonly isComing: boolean;
  /** What it costs the wallet to receive coins and to be stored until it sends. */
  readonly reserve: bigint;
  /** The most that the payment costs beside its amount. */
  readonly fee: bigint;
  /** Null where nothing is paid for this send. */
  readonly caps: { readonly perSend: bigint; readonly perWalletPerDay: bigint } | null;
}

type RefusedGas = 'send.funds_too_low' | 'send.gas_not_paid' | 'send.too_many_open';

export type GasDecision =
  | { readonly outcome: 'covered' }
  | { readonly outcome: 'refused'; readonly code: RefusedGas }
  /** The funding wallet pays the amount that the wallet lacks. */
  | { readonly outcome: 'lacks'; readonly amount: bigint };

/**
 * Whether a wallet has the coins that a send needs, and how many the funding wallet pays. Gas of the last 24 hours is reserved for
 * sends of tokens. If one node says that the wallet has enough, its coins are unconfirmed or a node lies, and nothing is paid.
 */
export function decideGas({
  kind,
  left,
  lacking,
  margin,
  added,
  reserved,
  isComing,
  reserve,
  fee,
  caps,
}: GasFacts): GasDecision {
  const isPaidKind = PAID_KINDS.includes(kind);
  if (left >= (isPaidKind ? 0n : added)) return { outcome: 'covered' };
  if (isPaidKind && isComing) return { outcome: 'refused', code: 'send.too_many_open' };
  if (!isPaidKind || lacking === 0n || !caps) return { outcome: 'refused', code: 'send.funds_too_low' };
  const amount = lacking + margin + reserve;
  const isWithin = amount <= caps.perSend && reserved + amount + fee <= caps.perWalletPerDay;
  return isWithin ? { outcome: 'lacks', amount } : { outcome: 'refused', code: 'send.gas_not_paid' };
}
