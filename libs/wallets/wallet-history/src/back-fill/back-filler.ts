import { NodeError, type Chain, type EvmNode } from '@countersign/chains';
import { assertSenders, matchBlock, type MatchedBlock } from '../follower/block-matches';
import type { ChainFollower } from '../follower/chain-follower';
import { ChainReader } from '../follower/chain-reader';
import { faultOf } from '../follower/follower-fault';
import type { ScanDeps } from '../follower/scan-deps';
import type { FillProgress } from '../store/fill-progress';
import { LeaseLost, type Lease } from '../store/positions.repository';
import { BackFillWriter } from './back-fill-writer';
import { assertAgreed, inBackground, withFirst } from './background-nodes';
import { FillTurns, type Turn } from './fill-turns';
import { assertHasLogs, findBlocks, type FoundBlock } from './log-finder';
import { LogRanges, type BlockRange } from './log-ranges';

/** A search for one wallet. */
interface Task extends Turn {
  readonly lease: Lease;
  /** How far it is stored. */
  progress: FillProgress;
  /** A node refused the range of logs as too large, and may answer a smaller one. */
  isTooMuch: boolean;
}

/** A block to read, with what a node answered about its logs. */
type WantedBlock = Pick<FoundBlock, 'number'> & Partial<FoundBlock>;

const IDLE_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** Read and stored in one transaction. */
const BLOCKS_PER_STEP = 20;
/** Blocks with transfers that are read for one wallet. An address that is sent spam in more is not read further back. */
export const MAX_FILLED_BLOCKS = 5_000;

/**
 * Searches earlier blocks of one chain for the token transfers of its wallets, backwards from the first followed one. Logs
 * only say in which blocks these are: the blocks are read as the follower reads them. Works on the replica that follows
 * the chain.
 */
export class BackFiller {
  private readonly writer: BackFillWriter;
  private readonly turns: FillTurns;
  private readonly ranges = new LogRanges();
  /** The index of the node whose logs were right the last time: it is asked first. */
  private finder: number | null = null;
  private failures = 0;
  private lastFault: string | null = null;
  private isStopping = false;

  constructor(
    private readonly follower: Pick<ChainFollower, 'chain' | 'lease'>,
    private readonly deps: ScanDeps,
    private readonly maxBlocks = MAX_FILLED_BLOCKS,
  ) {
    this.writer = new BackFillWriter(follower.chain, deps);
    this.turns = new FillTurns(follower.chain, deps);
  }

  get chain(): Chain {
    return this.follower.chain;
  }

  /** Searches at most one range for one wallet. @returns milliseconds until the next call */
  async round(): Promise<number> {
    const { lease } = this.follower;
    // Asking by address is what the operator has to allow.
    if (!lease || !this.chain.mayNameAddresses || this.chain.backfillBlocks === 0) return IDLE_MS;
    try {
      const turn = await this.turns.next();
      if (turn === 'idle') return IDLE_MS;
      if (turn === 'unreadable') return FIRST_RETRY_MS;
      await this.search({ ...turn, lease, isTooMuch: false });
      this.failures = 0;
      this.lastFault = null;
      return 0;
    } catch (error) {
      return this.failed(error);
    }
  }

  /** The round that runs ends soon. */
  stop(): void {
    this.isStopping = true;
  }

  private failed(error: unknown): number {
    if (error instanceof LeaseLost) return IDLE_MS;
    const { kind, text: fault } = faultOf(error);
    this.deps.countBackFillFault({ chain: this.chain.id, kind });
    const fields = { chainId: this.chain.id, fault, ...(kind === 'internal' && { err: error }) };
    if (fault !== this.lastFault) this.deps.logger.warn(fields, 'earlier blocks of a chain are not read');
    this.lastFault = fault;
    this.failures += 1;
    return Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.failures - 1, 10), MAX_RETRY_MS);
  }

  /** Invented logs do not match the blocks: then the next node is asked. */
  private async search(task: Task): Promise<void> {
    const { lowest } = task.progress;
    try {
      await withFirst(this.finders(), (node) => this.searchWith(node, task));
    } catch (error) {
      if (!(error instanceof NodeError) || !task.isTooMuch) throw error;
      const range = this.ranges.below(task.progress.next, lowest);
      this.ranges.failed(range);
      // Nodes that answer no logs of a single block may still answer the block.
      if (range.from === range.to) await this.store(task, range, [{ number: range.to }]);
    }
  }

  /** The node whose logs were right the last time comes first. */
  private finders(): readonly EvmNode[] {
    const nodes = this.deps.nodes.of(this.chain.id);
    return [
      ...nodes.filter(({ index }) => index === this.finder),
      ...nodes.filter(({ index }) => index !== this.finder),
    ];
  }

  private async searchWith(node: EvmNode, task: Task): Promise<void> {
    const { next, lowest } = task.progress;
    const range = this.ranges.below(next, lowest);
    const isEmpty = range.from > range.to;
    await this.store(task, range, isEmpty ? [] : await this.find(node, task, range));
    this.finder = node.index;
  }

  /** Newest first. */
  private async find(node: EvmNode, task: Task, range: BlockRange): Promise<readonly FoundBlock[]> {
    try {
      const found = await findBlocks(inBackground(node), task.address, range, task.final);
      this.ranges.answered();
      return found;
    } catch (error) {
      task.isTooMuch ||= error instanceof NodeError && this.ranges.isTooMuch(error);
      throw error;
    }
  }

  /** Reads and stores the blocks in steps, each in a transaction. */
  private async store(task: Task, range: BlockRange, found: readonly WantedBlock[]): Promise<void> {
    const { lease, wallet, address } = task;
    for (let left = found; !this.isStopping;) {
      const { progress: before } = task;
      const step = left.slice(0, Math.min(BLOCKS_PER_STEP, this.maxBlocks - before.blocks));
      left = left.slice(step.length);
      const blocks = step.length === 0 ? [] : await this.read(task, step);
      const next = left.length === 0 ? range.from - 1 : (step.at(-1)?.number ?? range.from) - 1;
      const after = { ...before, next, blocks: before.blocks + step.length };
      const isDone = next < after.lowest || after.blocks >= this.maxBlocks;
      const wanted = { wallet, address, before, after, isDone, blocks: blocks.toReversed() };
      const isStored = await this.writer.write(lease, wanted);
      if (!isStored || isDone || left.length === 0) return;
      task.progress = after;
    }
  }

  private async read(
    { wallet, address }: Task,
    found: readonly WantedBlock[],
  ): Promise<readonly MatchedBlock[]> {
    const nodes = this.deps.nodes.of(this.chain.id);
    return withFirst(nodes, async (node) => {
      const reader = new ChainReader(this.chain, inBackground(node));
      const blocks = [];
      for (const wanted of found) {
        const [block] = await reader.blocks(wanted.number, 1);
        if (!block) throw new NodeError('away', { reason: 'no_blocks' });
        if (isFound(wanted)) assertHasLogs(block, wanted);
        blocks.push(block);
      }
      await assertAgreed(node, nodes, blocks);
      const matched = blocks.map((block) =>
        matchBlock(block, (each) => (each === address ? [wallet.walletId] : [])),
      );
      await assertSenders(matched);
      return matched;
    });
  }
}

function isFound(found: WantedBlock): found is FoundBlock {
  return found.logs !== undefined;
}
