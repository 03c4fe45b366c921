import { NodeError, type Chain, type EvmNode, type RpcAnswer, type RpcCall } from '@countersign/chains';
import {
  blockFaults,
  readBlock,
  readHash,
  readNumber,
  rulesOfChain,
  type BlockFault,
  type BlockLink,
  type ChainRules,
  type CheckedBlock,
  type Hash,
} from '@countersign/evm-blocks';
import type { Result } from '@countersign/errors';

/** What a node says of the end of the chain. */
export interface Head {
  readonly latest: BlockLink;
  /** `null`: it knows no final block. */
  readonly finalized: BlockLink | null;
}

/** What a node says of a block that is to become final. */
export interface NodeReport {
  /** `null`: the node has not got it. */
  readonly at: BlockLink | null;
  /** `null`: it knows no final block. */
  readonly finalized: BlockLink | null;
}

const SINGLE_RECEIPTS_PER_REQUEST = 100;
const MAX_BLOCKS_BETWEEN_ANSWERS = 100;
/** Of one block with its receipts, and of some smaller ones. */
const MAX_BATCH_BYTES = 64 * 1_024 * 1_024;

/** Reads blocks from one node, and believes none that contradicts itself. */
export class ChainReader {
  private readonly rules: ChainRules;

  constructor(
    chain: Chain,
    private readonly node: EvmNode,
  ) {
    const rules = rulesOfChain(chain.id, chain.hasEthereumEncoding);
    this.rules = chain.bloomIsUnreliable ? { ...rules, bloom: 'unreliable' } : rules;
  }

  /** @throws NodeError */
  async head(): Promise<Head> {
    const [latest, finalized] = await this.node.batch([
      { method: 'eth_getBlockByNumber', params: ['latest', false] },
      { method: 'eth_getBlockByNumber', params: ['finalized', false] },
    ]);
    const head = linkOf(resultOf(latest));
    if (!head) throw new NodeError('away', { reason: 'no_head' });
    // Nodes that know no final block answer an error or null.
    const last = finalized?.ok ? linkOf(finalized.result) : null;
    // The node may be a few blocks further by the second answer.
    if (last && last.number > head.number + MAX_BLOCKS_BETWEEN_ANSWERS)
      throw new NodeError('lying', { reason: 'block.contradiction' });
    return { latest: head, finalized: last };
  }

  /** In one request. @throws NodeError */
  async reportOn(number: number): Promise<NodeReport> {
    const [asked, finalized] = await this.node.batch([
      { method: 'eth_getBlockByNumber', params: [quantity(number), false] },
      { method: 'eth_getBlockByNumber', params: ['finalized', false] },
    ]);
    const at = linkOf(resultOf(asked));
    if (at && at.number !== number) throw new NodeError('lying', { reason: 'block.not_the_one_asked' });
    return { at, finalized: finalized?.ok ? linkOf(finalized.result) : null };
  }

  /** `null`: the node has not got it. @throws NodeError */
  async linkByHash(hash: string): Promise<BlockLink | null> {
    const link = linkOf(await this.node.request('eth_getBlockByHash', [hash, false]));
    if (link && link.hash !== hash) throw new NodeError('lying', { reason: 'block.not_the_one_asked' });
    return link;
  }

  /** `null`: the node has not got it. @throws NodeError */
  async linkByNumber(number: number): Promise<BlockLink | null> {
    const link = linkOf(await this.node.request('eth_getBlockByNumber', [quantity(number), false]));
    if (link && link.number !== number) throw new NodeError('lying', { reason: 'block.not_the_one_asked' });
    return link;
  }

  /**
   * Whole blocks: two requests each, independent of the number of addresses, in one batch.
   * @throws NodeError where the first of them is unusable; a later one ends the list
   */
  async blocks(from: number, count: number): Promise<readonly CheckedBlock[]> {
    const numbers = Array.from({ length: count }, (_, index) => from + index);
    const answers = await this.node.batch(numbers.flatMap(callsOf), { maxBytes: MAX_BATCH_BYTES });
    const blocks: CheckedBlock[] = [];
    for (const [index, number] of numbers.entries()) {
      const read = await this.blockOf(number, answers[2 * index], answers[2 * index + 1]);
      if (read.ok) blocks.push(read.value);
      else if (index > 0) break;
      else blocks.push(await this.again(number));
    }
    return blocks;
  }

  /** The chain may have been reorganised between the two requests: what is wrong twice is. */
  private async again(number: number): Promise<CheckedBlock> {
    const [block, receipts] = await this.node.batch(callsOf(number), { maxBytes: MAX_BATCH_BYTES });
    const read = await this.blockOf(number, block, receipts);
    if (read.ok) return read.value;
    const kind = blockFaults[read.code].kind === 'absent' ? 'away' : 'lying';
    throw new NodeError(kind, { reason: read.code });
  }

  private async blockOf(
    number: number,
    block: RpcAnswer | undefined,
    receipts: RpcAnswer | undefined,
  ): Promise<Result<CheckedBlock, BlockFault>> {
    const raw = resultOf(block);
    const inBulk = receipts?.ok ? receipts.result : null;
    const isWhole = Array.isArray(inBulk) && inBulk.length === hashesOf(raw).length;
    const rawReceipts = isWhole ? inBulk : await this.singleReceipts(raw, receipts);
    return readBlock(raw, rawReceipts, { number }, this.rules);
  }

  /** Some nodes have no `eth_getBlockReceipts`, or leave receipts out of it. `null` where one of them is not there yet. */
  private async singleReceipts(block: unknown, answer: RpcAnswer | undefined): Promise<unknown> {
    if (answer && !answer.ok && answer.error.kind !== 'refused') throw answer.error;
    const hashes = hashesOf(block);
    const receipts: unknown[] = [];
    for (let at = 0; at < hashes.length; at += SINGLE_RECEIPTS_PER_REQUEST) {
      const wanted = hashes.slice(at, at + SINGLE_RECEIPTS_PER_REQUEST);
      const calls = wanted.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
      receipts.push(...(await this.node.batch(calls)).map(resultOf));
    }
    return receipts.includes(null) ? null : receipts;
  }
}

function callsOf(number: number): RpcCall[] {
  return [
    { method: 'eth_getBlockByNumber', params: [quantity(number), true] },
    { method: 'eth_getBlockReceipts', params: [quantity(number)] },
  ];
}

export function quantity(number: number): string {
  return `0x${number.toString(16)}`;
}

/** @throws NodeError */
export function resultOf(answer: RpcAnswer | undefined): unknown {
  if (!answer) throw new NodeError('away', { reason: 'no_answer' });
  if (!answer.ok) throw answer.error;
  return answer.result;
}

/** `null` for null. @throws NodeError for what is no header */
function linkOf(raw: unknown): BlockLink | null {
  if (raw === null || raw === undefined) return null;
  const fields = raw as Readonly<Record<string, unknown>>;
  const [number, hash] = [readNumber(fields['number']), readHash(fields['hash'])];
  const parentHash = readHash(fields['parentHash']);
  if (number !== undefined && hash && parentHash) return { number, hash, parentHash };
  throw new NodeError('lying', { reason: 'block.malformed' });
}

function hashesOf(block: unknown): readonly Hash[] {
  const { transactions } = (block ?? {}) as { readonly transactions?: unknown };
  if (!Array.isArray(transactions)) return [];
  return transactions.flatMap(
    (each: unknown) => readHash(((each ?? {}) as { readonly hash?: unknown }).hash) ?? [],
  );
}
