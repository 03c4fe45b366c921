import { accepted } from '@countersign/text';
import { refusedSend, type SendResult } from '../send-refusals';
import { NODES_NEEDED } from '../nodes-needed';

interface FeeHistory {
  /** The base fee of the next block, per unit of gas. */
  readonly nextBaseFee: bigint;
  /** The tips of each block's transactions at the requested percentile. Empty blocks are left out. */
  readonly tips: readonly bigint[];
}

const MAX_BLOCKS = 1_024;
const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** Null for an answer with other than one percentile. */
export function readFeeHistory(json: unknown): FeeHistory | null {
  if (typeof json !== 'object' || json === null) return null;
  const { baseFeePerGas, gasUsedRatio, reward } = json as Readonly<Record<string, unknown>>;
  if (!Array.isArray(baseFeePerGas) || !Array.isArray(gasUsedRatio) || !Array.isArray(reward)) return null;
  const blocks = gasUsedRatio.length;
  if (blocks === 0 || blocks > MAX_BLOCKS || reward.length !== blocks) return null;
  // The base fee of the next block comes last.
  const nextBaseFee = quantity(baseFeePerGas[blocks]);
  if (baseFeePerGas.length !== blocks + 1 || nextBaseFee === null) return null;

  const tips: bigint[] = [];
  for (const [at, ratio] of gasUsedRatio.entries()) {
    const row: unknown = reward[at];
    const tip = Array.isArray(row) && row.length === 1 ? quantity(row[0]) : null;
    if (tip === null || typeof ratio !== 'number') return null;
    // Nodes give 0 for a block without transactions.
    if (ratio > 0) tips.push(tip);
  }
  return { nextBaseFee, tips };
}

function quantity(value: unknown): bigint | null {
  return typeof value === 'string' && QUANTITY.test(value) ? BigInt(value) : null;
}

/** The highest cost of a unit of gas, in the smallest unit of the coin: by EIP-1559, or on a chain without base fee. */
export type Fees =
  | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly gasPrice: bigint };

/** One node's answer about fees. */
export type NodeFees =
  | { readonly hasBaseFee: true; readonly history: FeeHistory }
  | { readonly hasBaseFee: false; readonly gasPrice: bigint };

/** The limits of a chain, or of one act. No answer of a node raises them. */
export interface FeeCaps {
  /** Nodes of the chain reject transactions with a lower tip; 0 for no such floor. */
  readonly minTipPerGas: bigint;
  readonly maxFeePerGas: bigint;
  /** The fee of the whole transaction. */
  readonly maxFee: bigint;
  readonly maxGas: bigint;
}

/** Takes the lower one of two nodes' fees, or the middle one of three, so no single node raises a fee. */
export function feesFrom(nodes: readonly NodeFees[], gas: bigint, caps: FeeCaps): SendResult<Fees> {
  const histories = nodes.flatMap((node) => (node.hasBaseFee ? [node.history] : []));
  const prices = nodes.flatMap((node) => (node.hasBaseFee ? [] : [node.gasPrice]));
  if (Math.max(histories.length, prices.length) < 2 || histories.length === prices.length) {
    return refusedSend('send.fees_unknown');
  }
  if (prices.length > histories.length) {
    return withinCaps({ gasPrice: max(lowerMedian(prices), caps.minTipPerGas) }, gas, caps);
  }
  const baseFee = lowerMedian(histories.map(({ nextBaseFee }) => nextBaseFee));
  const tip = max(
    lowerMedian(histories.map(({ tips }) => (tips.length > 0 ? lowerMedian(tips) : 0n))),
    caps.minTipPerGas,
  );
  const cap = capPerGas(gas, caps);
  // With a lower fee, the transaction would wait forever.
  if (baseFee + caps.minTipPerGas > cap) return refusedSend('send.fee_above_cap');
  const maxFeePerGas = min(2n * baseFee + tip, cap);
  return accepted({ maxFeePerGas, maxPriorityFeePerGas: min(tip, maxFeePerGas) });
}

/** An eighth above `previous`, rounded up, and at least `fresh`. Nodes require a tenth for both fees. */
export function replacementFees(previous: Fees, fresh: Fees, gas: bigint, caps: FeeCaps): SendResult<Fees> {
  const highest = max(raisedFee(capOf(previous)), capOf(fresh));
  if ('gasPrice' in previous) return withinCaps({ gasPrice: highest }, gas, caps);
  const tip = max(raisedFee(previous.maxPriorityFeePerGas), tipCapOf(fresh));
  return withinCaps({ maxFeePerGas: highest, maxPriorityFeePerGas: tip }, gas, caps);
}

/** The highest cost of the gas. It excludes the sent coins and `layer1FeeFrom`. */
export function greatestFee(gas: bigint, fees: Fees): bigint {
  return gas * capOf(fees);
}

function withinCaps(fees: Fees, gas: bigint, caps: FeeCaps): SendResult<Fees> {
  return capOf(fees) > capPerGas(gas, caps) ? refusedSend('send.fee_above_cap') : accepted(fees);
}

function capPerGas(gas: bigint, { maxFee, maxFeePerGas }: FeeCaps): bigint {
  if (gas <= 0n) throw new RangeError('a transaction needs gas');
  return min(maxFeePerGas, maxFee / gas);
}

function capOf(fees: Fees): bigint {
  return 'gasPrice' in fees ? fees.gasPrice : fees.maxFeePerGas;
}

function tipCapOf(fees: Fees): bigint {
  return 'gasPrice' in fees ? fees.gasPrice : fees.maxPriorityFeePerGas;
}

/** Nodes require a higher fee also if the previous one was 0. */
function raisedFee(fee: bigint): bigint {
  return max((fee * 9n + 7n) / 8n, fee + 1n);
}

/** The lower one of two middle values. */
function lowerMedian(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((first, second) => (first < second ? -1 : first > second ? 1 : 0));
  const middle = sorted[(sorted.length - 1) >> 1];
  if (middle === undefined) throw new RangeError('no values have no median');
  return middle;
}

const max = (first: bigint, second: bigint): bigint => (first > second ? first : second);
const min = (first: bigint, second: bigint): bigint => (first < second ? first : second);

/** No transaction needs less on any chain. */
const LEAST_GAS = 21_000n;
/**
 * The gas limit from estimates of several nodes: a fifth more than the higher one of two, or the middle one of three,
 * and at most the cap. Impossible estimates, and those above the cap, do not count beside a possible one. So a single
 * lying node can neither stop the send nor make it run out of gas.
 */
export function gasLimitFrom(
  estimates: readonly bigint[],
  { maxGas }: Pick<FeeCaps, 'maxGas'>,
): SendResult<bigint> {
  const possible = estimates
    .filter((gas) => gas >= LEAST_GAS)
    .toSorted((first, second) => (first < second ? -1 : 1));
  const usable = possible.filter((gas) => gas <= maxGas);
  const estimate = usable[usable.length >> 1];
  if (estimate === undefined && possible.length >= NODES_NEEDED) return refusedSend('send.gas_above_cap');
  if (estimate === undefined || estimates.length < NODES_NEEDED) return refusedSend('send.gas_unknown');
  const limit = (estimate * 6n + 4n) / 5n;
  return accepted(limit < maxGas ? limit : maxGas);
}
