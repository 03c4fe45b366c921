import { NodeError, type Chain, type EvmNode, type EvmNodes } from '@countersign/chains';
import type { Address } from '@countersign/evm-blocks';
import type { Logger } from '@countersign/observability';
import type { WalletAddresses } from '@countersign/wallets';
import { matchBlock, type MatchedBlock } from '../follower/block-matches';
import type { ChainFollower } from '../follower/chain-follower';
import { ChainReader } from '../follower/chain-reader';
import { faultOf, type FollowerFault } from '../follower/follower-fault';
import type { Unfilled } from '../store/back-fills.repository';
import { openProgress, type FillProgress } from '../store/fill-progress';
import { LeaseLost, type HeldBlock, type Lease } from '../store/positions.repository';
import { BackFillWriter, type BackFillParts } from './back-fill-writer';
import { assertAgreed, inBackground, withFirst } from './background-nodes';
import { assertTold, findBlocks, type FoundBlock } from './log-finder';
import { LogRanges, type BlockRange } from './log-ranges';

export interface BackFillerParts extends BackFillParts {
  readonly nodes: EvmNodes;
  readonly addresses: WalletAddresses;
  readonly logger: Logger;
  /** Of rounds that failed. */
  readonly onFault: (chain: Chain, kind: FollowerFault['kind']) => void;
}

/** What is searched next. */
interface Task {
  readonly lease: Lease;
  readonly wallet: Unfilled;
  readonly address: Address;
  readonly progress: FillProgress;
  /** The last final block that is held. */
  readonly final: HeldBlock;
}

const IDLE_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const WALLETS_AT_ONCE = 100;
/** Read and stored in one transaction. */
const BLOCKS_PER_STEP = 20;
/** Blocks with transfers that are read for one wallet. An address that is sent spam in more is not read further back. */
export const MAX_FILLED_BLOCKS = 5_000;

/**
 * Searches earlier blocks of one chain for the token transfers of its wallets, backwards from the first followed one. Logs
 * only say in which blocks these are: the blocks are read as the follower reads them. Works on the replica that follows
 * the chain.
 */
export class ChainBackFiller {
  private readonly writer: BackFillWriter;
  private readonly ranges = new LogRanges();
  /** When a wallet had its last turn, by a counter. */
  private turns = new Map<string, number>();
  private turn = 0;
  private failures = 0;
  private lastFault: string | null = null;
  private isStopping = false;

  constructor(
    private readonly follower: Pick<ChainFollower, 'chain' | 'lease'>,
    private readonly parts: BackFillerParts,
    private readonly maxBlocks = MAX_FILLED_BLOCKS,
  ) {
    this.writer = new BackFillWriter(follower.chain, parts);
  }

  get chain(): Chain {
    return this.follower.chain;
  }

  /** Searches one range for one wallet. @returns milliseconds until the next call */
  async round(): Promise<number> {
    const { lease } = this.follower;
    // Asking by address is what the operator has to allow.
    if (!lease || !this.chain.mayNameAddresses || this.chain.backfillBlocks === 0) return IDLE_MS;
    try {
      const task = await this.next(lease);
      if (!task) return IDLE_MS;
      await this.search(task);
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
    this.parts.onFault(this.chain, kind);
    const fields = { chainId: this.chain.id, fault, ...(kind === 'internal' && { err: error }) };
    if (fault !== this.lastFault) this.parts.logger.warn(fields, 'earlier blocks of a chain are not read');
    this.lastFault = fault;
    this.failures += 1;
    return Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.failures - 1, 10), MAX_RETRY_MS);
  }

  /** Of the wallet whose turn is the longest ago. `null`: there is none, or the follower needs the nodes. */
  private async next(lease: Lease): Promise<Task | null> {
    const { database, positions, backFills, walletKeys, addresses } = this.parts;
    const { id: chainId, backfillBlocks } = this.chain;
    return database.read(async (manager) => {
      const position = (await positions.all(manager)).find((each) => each.chainId === chainId);
      if (position?.state !== 'following' || position.finalNumber === null) return null;
      const { finalNumber } = position;
      const final = (await positions.blocks(manager, chainId)).find(({ number }) => number === finalNumber);
      const unfilled = await backFills.unfilled(manager, { chainId, finalNumber, limit: WALLETS_AT_ONCE });
      if (!final) return null;
      for (const wallet of this.leastRecentFirst(unfilled)) {
        const { walletId, fromBlock, progress: sealed } = wallet;
        this.turns.set(walletId, (this.turn += 1));
        const opened = (await walletKeys.read(manager, [walletId])).get(walletId);
        const address = opened ? await addresses.read(manager, walletId) : null;
        // It went away meanwhile, or is damaged.
        if (!opened || address === null) continue;
        const progress = sealed
          ? openProgress(opened, { chainId, progress: sealed }, fromBlock)
          : { next: fromBlock - 1, lowest: Math.max(0, fromBlock - backfillBlocks), blocks: 0 };
        if (progress) return { lease, wallet, address: address as Address, progress, final };
      }
      return null;
    });
  }

  private leastRecentFirst(unfilled: readonly Unfilled[]): readonly Unfilled[] {
    const turns = new Map(unfilled.map(({ walletId }) => [walletId, this.turns.get(walletId) ?? 0]));
    this.turns = turns;
    return unfilled.toSorted(
      (one, other) => (turns.get(one.walletId) ?? 0) - (turns.get(other.walletId) ?? 0),
    );
  }

  private async search(task: Task): Promise<void> {
    const { lowest } = task.progress;
    let { progress } = task;
    const range = this.ranges.below(progress.next, lowest);
    const isEmpty = range.from > range.to;
    let found = isEmpty ? [] : await this.find(task, range);
    while (found && !this.isStopping) {
      const step = found.slice(0, Math.min(BLOCKS_PER_STEP, this.maxBlocks - progress.blocks));
      found = found.slice(step.length);
      const blocks = step.length === 0 ? [] : await this.read(task, step);
      const next = found.length === 0 ? range.from - 1 : (step.at(-1)?.number ?? range.from) - 1;
      const after = { next, lowest, blocks: progress.blocks + step.length };
      const isDone = next < lowest || after.blocks >= this.maxBlocks;
      const { lease, wallet, address } = task;
      const wanted = { wallet, address, before: progress, after, isDone, blocks: blocks.toReversed() };
      const isStored = await this.writer.write(lease, wanted);
      if (!isStored || isDone || found.length === 0) return;
      progress = after;
    }
  }

  /** Newest first. `null`: the next round asks for a smaller range. */
  private async find(
    { address, final }: Task,
    range: BlockRange,
  ): Promise<readonly Pick<FoundBlock, 'number'>[] | null> {
    try {
      const found = await this.withNode((node) => findBlocks(node, address, range, final));
      this.ranges.answered();
      return found;
    } catch (error) {
      if (!(error instanceof NodeError) || !this.ranges.isTooMuch(error)) throw error;
      this.ranges.failed(range);
      // A node that answers no logs of a single block may still answer the block.
      return range.from === range.to ? [{ number: range.to }] : null;
    }
  }

  private async read(
    { wallet, address }: Task,
    found: readonly (Pick<FoundBlock, 'number'> & Partial<FoundBlock>)[],
  ): Promise<readonly MatchedBlock[]> {
    return this.withNode(async (node) => {
      const reader = new ChainReader(this.chain, node);
      const blocks = [];
      for (const told of found) {
        const [block] = await reader.blocks(told.number, 1);
        if (!block) throw new NodeError('away', { reason: 'no_blocks' });
        if (isTold(told)) assertTold(block, told);
        blocks.push(block);
      }
      await assertAgreed(node, this.parts.nodes.of(this.chain.id), blocks);
      return blocks.map((block) => matchBlock(block, (each) => (each === address ? [wallet.walletId] : [])));
    });
  }

  private withNode<T>(work: (node: EvmNode) => Promise<T>): Promise<T> {
    return withFirst(this.parts.nodes.of(this.chain.id), (node) => work(inBackground(node)));
  }
}

function isTold(found: Pick<FoundBlock, 'number'> & Partial<FoundBlock>): found is FoundBlock {
  return found.logs !== undefined;
}
