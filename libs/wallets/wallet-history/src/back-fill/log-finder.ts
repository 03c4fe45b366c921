import { NodeError, type EvmNode, type RpcAnswer, type RpcCall } from '@countersign/chains';
import {
  TRANSFER,
  TRANSFER_BATCH,
  TRANSFER_SINGLE,
  type Address,
  type CheckedBlock,
  type Hash,
} from '@countersign/evm-blocks';
import type { PendingBlock } from '../store/positions.repository';
import type { BlockRange } from './log-ranges';

/** A block that has logs of an address, as a node says. */
export interface FoundBlock {
  readonly number: number;
  readonly hash: Hash;
  readonly logs: readonly FoundLog[];
}

interface FoundLog {
  readonly index: number;
  readonly topics: readonly string[];
}

/** More are asked for in a smaller range. */
const MAX_LOGS = 10_000;
const HASH = /^0x[0-9a-f]{64}$/;
const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]{0,12})$/;
const TRANSFERS: readonly string[] = [TRANSFER, TRANSFER_SINGLE, TRANSFER_BATCH];

/**
 * Blocks of a range with logs of token transfers from or to an address, newest first. Nodes answer an empty list for blocks
 * that they have not got, so each question is asked together with the last final block.
 * @throws NodeError
 */
export async function findBlocks(
  node: EvmNode,
  address: Address,
  range: BlockRange,
  final: PendingBlock,
): Promise<readonly FoundBlock[]> {
  const [header, ...answers] = await node.batch([
    { method: 'eth_getBlockByNumber', params: [quantity(final.number), false] },
    ...questionsOf(address, range),
  ]);
  assertHas(resultOf(header), final);
  const blocks = new Map<number, { number: number; hash: Hash; logs: FoundLog[] }>();
  for (const answer of answers) {
    const logs = resultOf(answer);
    if (!Array.isArray(logs)) throw new NodeError('away', { reason: 'logs.malformed' });
    if (logs.length > MAX_LOGS) throw new NodeError('refused', { reason: 'logs.too_many' });
    for (const raw of logs as unknown[]) {
      const { number, hash, ...log } = readLog(raw, address, range);
      const block = blocks.get(number) ?? { number, hash, logs: [] };
      if (block.hash !== hash) throw new NodeError('lying', { reason: 'logs.contradiction' });
      block.logs.push(log);
      blocks.set(number, block);
    }
  }
  return [...blocks.values()].toSorted((one, other) => other.number - one.number);
}

/** @throws NodeError where a block is not the one that its logs name */
export function assertHasLogs(block: CheckedBlock, found: FoundBlock): void {
  if (block.hash !== found.hash) throw new NodeError('lying', { reason: 'logs.other_block' });
  const logs = new Map(block.transactions.flatMap((each) => each.logs.map((log) => [log.index, log])));
  const hasAll = found.logs.every(({ index, topics }) => logs.get(index)?.topics.join() === topics.join());
  if (!hasAll) throw new NodeError('lying', { reason: 'logs.not_in_block' });
}

/** From, to of ERC-20 and ERC-721; from, to of ERC-1155: four places of the topics, three questions. */
function questionsOf(address: Address, { from, to }: BlockRange): RpcCall[] {
  const topic = topicOf(address);
  const both = [TRANSFER_SINGLE, TRANSFER_BATCH];
  const places = [
    [TRANSFER, topic],
    [TRANSFERS, null, topic],
    [both, null, null, topic],
  ];
  return places.map((topics) => ({
    method: 'eth_getLogs',
    params: [{ fromBlock: quantity(from), toBlock: quantity(to), topics }],
  }));
}

function assertHas(header: unknown, final: PendingBlock): void {
  if (header === null || header === undefined) throw new NodeError('away', { reason: 'far_behind' });
  const { hash } = header as { readonly hash?: unknown };
  if (hash !== final.hash) throw new NodeError('lying', { reason: 'logs.other_chain' });
}

function readLog(
  raw: unknown,
  address: Address,
  { from, to }: BlockRange,
): FoundLog & { readonly number: number; readonly hash: Hash } {
  const { blockNumber, blockHash, logIndex, topics } = (raw ?? {}) as Readonly<Record<string, unknown>>;
  const number = numberOf(blockNumber);
  const index = numberOf(logIndex);
  const isWhole = typeof blockHash === 'string' && HASH.test(blockHash) && isTopics(topics);
  if (number === null || index === null || !isWhole)
    throw new NodeError('lying', { reason: 'logs.malformed' });
  const [event = '', ...others] = topics;
  const isAsked =
    number >= from && number <= to && TRANSFERS.includes(event) && others.includes(topicOf(address));
  if (!isAsked) throw new NodeError('lying', { reason: 'logs.not_the_ones_asked' });
  return { number, hash: blockHash as Hash, index, topics };
}

function isTopics(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= 4 &&
    value.every((topic) => typeof topic === 'string' && HASH.test(topic))
  );
}

function topicOf(address: Address): string {
  return `0x${address.slice(2).padStart(64, '0')}`;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'string' && QUANTITY.test(value) ? Number(value) : null;
}

function quantity(number: number): string {
  return `0x${number.toString(16)}`;
}

function resultOf(answer: RpcAnswer | undefined): unknown {
  if (!answer) throw new NodeError('away', { reason: 'no_answer' });
  if (!answer.ok) throw answer.error;
  return answer.result;
}
