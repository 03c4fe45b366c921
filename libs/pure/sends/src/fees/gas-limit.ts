import { accepted } from '@countersign/errors';
import { NODES_NEEDED } from '../nodes-needed';
import { refusedSend, type SendResult } from '../send-refusals';
import type { FeeCaps } from './fees';

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
