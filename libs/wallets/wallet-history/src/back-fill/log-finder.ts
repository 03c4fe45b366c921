import { NodeError, type EvmNode, type RpcCall } from '@countersign/chains';
import {
  readHash,
  readNumber,
  TRANSFER,
  TRANSFER_BATCH,
  TRANSFER_SINGLE,
  type Address,
  type CheckedBlock,
  type Hash,
} from '@countersign/evm-blocks';
import { quantity, resultOf } from '../follower/chain-reader';
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

/** From, to of ERC-20 and ERC-721; from, to of ERC-1155: four positions of the topics, three questions. */
function questionsOf(address: Address, { from, to }: BlockRange): RpcCall[] {
  const topic = topicOf(address);
  const both = [TRANSFER_SINGLE, TRANSFER_BATCH];
  const filters = [
    [TRANSFER, topic],
    [TRANSFERS, null, topic],
    [both, null, null, topic],
  ];
  return filters.map((topics) => ({
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
  const log = (raw ?? {}) as Readonly<Record<string, unknown>>;
  const [number, index] = [readNumber(log['blockNumber']), readNumber(log['logIndex'])];
  const hash = readHash(log['blockHash']);
  const given = Array.isArray(log['topics']) ? log['topics'].slice(0, 5) : [];
  const topics = given.map(readHash).filter((topic) => topic !== undefined);
  const isWhole = topics.length === given.length && topics.length <= 4;
  if (number === undefined || index === undefined || !hash || !isWhole)
    throw new NodeError('lying', { reason: 'logs.malformed' });
  const [event = '', ...others] = topics;
  const isAsked = number >= from && number <= to && TRANSFERS.includes(event);
  if (!isAsked || !others.some((topic) => topic === topicOf(address)))
    throw new NodeError('lying', { reason: 'logs.not_the_ones_asked' });
  return { number, hash, index, topics };
}

function topicOf(address: Address): string {
  return `0x${address.slice(2).padStart(64, '0')}`;
}
