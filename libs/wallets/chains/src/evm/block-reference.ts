import type { EvmNode } from './evm-node';
import { malformed } from '../node-error';
import { isRecord } from '../rpc/json-rpc';
import { readHash, readQuantity } from './quantities';

export interface BlockReference {
  readonly number: number;
  readonly hash: string;
}

/** A block without its transactions is a few kilobytes. */
const HEADER_BYTES = 2 * 1_048_576;

export async function latestBlock(node: EvmNode, timeLimitMs: number): Promise<BlockReference> {
  const limits = { timeLimitMs, maxBytes: HEADER_BYTES };
  const block = await node.request('eth_getBlockByNumber', ['latest', false], limits);
  return readBlock(block) ?? malformed('no_latest_block');
}

export async function blockAt(node: EvmNode, number: number, timeLimitMs?: number): Promise<BlockReference> {
  const params = [`0x${number.toString(16)}`, false];
  const limits = { timeLimitMs, maxBytes: HEADER_BYTES };
  const block = readBlock(await node.request('eth_getBlockByNumber', params, limits));
  return block?.number === number ? block : malformed('no_such_block');
}

export interface Heads {
  /** The last block that the node calls final. If it knows none, the last block with enough confirmations. */
  readonly final: number;
  readonly latest: number;
}

export async function headsOf(node: EvmNode, timeLimitMs?: number): Promise<Heads> {
  const [finalized, latest] = await node.batch(
    ['finalized', 'latest'].map((tag) => ({ method: 'eth_getBlockByNumber', params: [tag, false] })),
    { timeLimitMs, maxBytes: HEADER_BYTES },
  );
  // A node that knows no final block answers an error or null.
  const final = finalized?.ok ? readBlock(finalized.result) : null;
  const head = latest?.ok ? readBlock(latest.result) : null;
  if (final) return { final: final.number, latest: (head ?? final).number };
  const { number } = head ?? malformed('no_latest_block');
  return { final: Math.max(0, number - node.chain.confirmations), latest: number };
}

function readBlock(block: unknown): BlockReference | null {
  const number = isRecord(block) ? readQuantity(block['number']) : null;
  const hash = isRecord(block) ? readHash(block['hash']) : null;
  return number === null || hash === null ? null : { number, hash };
}
