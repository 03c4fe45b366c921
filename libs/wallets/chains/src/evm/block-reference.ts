import type { EvmNode } from './evm-node';
import { NodeError } from '../node-error';
import { isRecord, type RequestLimits } from '../rpc/json-rpc';
import { readHash, readQuantity } from './quantities';

export interface BlockReference {
  readonly number: number;
  readonly hash: string;
}

/** A block without its transactions is a few kilobytes. */
const HEADER_BYTES = 2 * 1_048_576;

/** @throws NodeError */
export async function latestBlock(
  node: EvmNode,
  limits: Omit<RequestLimits, 'maxBytes'> = {},
): Promise<BlockReference> {
  const block = await node.request('eth_getBlockByNumber', ['latest', false], {
    ...limits,
    maxBytes: HEADER_BYTES,
  });
  const number = isRecord(block) ? readQuantity(block['number']) : null;
  const hash = isRecord(block) ? readHash(block['hash']) : null;
  if (number === null || hash === null) throw new NodeError('away', { reason: 'no_latest_block' });
  return { number, hash };
}
