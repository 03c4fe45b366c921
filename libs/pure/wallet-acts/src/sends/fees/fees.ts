import { accepted } from '@countersign/text';
import { refusedSend, type SendResult } from '../send-refusals';
import { NODES_NEEDED } from '../nodes-needed';

/** What a node says about the last blocks, read from its answer to `eth_feeHistory`. */
interface FeeHistory {
  /** The base fee of the block after the last one, per unit of gas. */
  readonly nextBaseFee: bigint;
  /** What transactions of each block paid beside the base fee, at the percentile that was asked for. Empty blocks are left out. */
  readonly tips: readonly bigint[];
}

const MAX_BLOCKS = 1_024;
const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** Reads the answer to `eth_feeHistory` with one percentile; null for another answer. */
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
    // Nodes say 0 for a block without transactions.
    if (ratio > 0) tips.push(tip);
  }
  return { nextBaseFee, tips };
}

function quantity(value: unknown): bigint | null {
  return typeof value === 'string' && QUANTITY.test(value) ? BigInt(value) : null;
}

/** What a unit of gas costs at most, in the smallest unit of the coin: by EIP-1559, or on a chain without base fee. */
export type Fees =
  | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly gasPrice: bigint };

/** What one node answers about fees. */
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
  /** The gas limit of a transaction. */
  readonly maxGas: bigint;
}

/**
 * The fees of a transaction by what two or more nodes say. Of two the lower counts, of three the one in the middle, so that
 * one node alone raises no fee; a node that says less delays the transaction at most.
 *
 * @param gas the gas limit of the transaction
 */
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
  // With less than this the transaction would wait without end.
  if (baseFee + caps.minTipPerGas > cap) return refusedSend('send.fee_above_cap');
  const maxFeePerGas = min(2n * baseFee + tip, cap);
  return accepted({ maxFeePerGas, maxPriorityFeePerGas: min(tip, maxFeePerGas) });
}

/**
 * The fees of a transaction that replaces another one with its nonce: an eighth more than before on both, rounded up, and not
 * less than fresh ones. Nodes ask for a tenth, of both.
 *
 * @param fresh as `feesFrom` answers them
 */
export function replacementFees(previous: Fees, fresh: Fees, gas: bigint, caps: FeeCaps): SendResult<Fees> {
  const highest = max(raisedFee(capOf(previous)), capOf(fresh));
  if ('gasPrice' in previous) return withinCaps({ gasPrice: highest }, gas, caps);
  const tip = max(raisedFee(previous.maxPriorityFeePerGas), tipCapOf(fresh));
  return withinCaps({ maxFeePerGas: highest, maxPriorityFeePerGas: tip }, gas, caps);
}

/** What the gas of a transaction costs at most. The coin that it sends is not in it, nor `layer1FeeFrom`. */
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

/** Nodes ask for a higher fee also where the previous one was 0. */
function raisedFee(fee: bigint): bigint {
  return max((fee * 9n + 7n) / 8n, fee + 1n);
}

/** Of an even number the lower of the two in the middle. */
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
 * The gas limit by the estimates of two or more nodes: a fifth more than the higher of two, or than the one in the middle of
 * three, and at most the cap. Estimates that no transaction can have, or that are above the cap, do not count where another one
 * does: one node that lies does not stop the send, and does not make it run out of gas.
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
