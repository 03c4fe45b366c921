import { accepted } from '@countersign/errors';
import { refusedSend, type SendResult } from '../send-refusals';
import type { FeeHistory } from './fee-history';

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
 * @param fresh as `feesFrom` answers them; null where they are not known
 */
export function replacementFees(
  previous: Fees,
  fresh: Fees | null,
  gas: bigint,
  caps: FeeCaps,
): SendResult<Fees> {
  const [raised, newer] = [raisedFee(capOf(previous)), fresh === null ? 0n : capOf(fresh)];
  if ('gasPrice' in previous) return withinCaps({ gasPrice: max(raised, newer) }, gas, caps);
  const tip = max(raisedFee(previous.maxPriorityFeePerGas), fresh === null ? 0n : tipCapOf(fresh));
  const maxFeePerGas = max(raised, newer);
  return withinCaps({ maxFeePerGas, maxPriorityFeePerGas: tip }, gas, caps);
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
