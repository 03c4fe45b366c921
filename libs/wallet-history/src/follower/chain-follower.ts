import { randomUUID } from 'node:crypto';
import { NodeError, type Chain, type EvmNode, type EvmNodes } from '@countersign/chains';
import { ChainWindow, type BlockLink, type CheckedBlock, type Hash } from '@countersign/evm-blocks';
import type { Logger } from '@countersign/observability';
import type { ChainState } from '../store/chain.entities';
import { LeaseLost, type Position, type Report } from '../store/positions.repository';
import { matchBlock } from './block-matches';
import { ChainReader, type Head } from './chain-reader';
import { ChainWriter } from './chain-writer';
import { Finality, type FinalityParts } from './finality';
import type { FollowedAddresses } from './followed-addresses';
import { BELOW_FINALITY, faultOf, TRANSACTION_TWICE, type FollowerFault } from './follower-fault';
import { tipOf, WINDOW_BLOCKS, type Held } from './held-chain';
import { PendingOwners } from './pending-owners';

const BLOCKS_PER_BATCH = 8;
const MIN_POLL_MS = 500;
const MAX_POLL_MS = 15_000;
const MAX_RETRY_MS = 60_000;

export interface FollowerParts extends FinalityParts {
  readonly nodes: EvmNodes;
  readonly followed: FollowedAddresses;
  readonly logger: Logger;
  /** Of reorganisations, by depth. */
  readonly onReorganised: (chain: Chain, depth: number) => void;
  /** Of rounds that failed. */
  readonly onFault: (chain: Chain, kind: FollowerFault['kind']) => void;
}

/** Follows one chain, while this replica has its lease. */
export class ChainFollower {
  private readonly leaseId = randomUUID();
  private readonly writer: ChainWriter;
  private readonly finality: Finality;
  private held: Held | null = null;
  private failures = 0;
  private lastFault: string | null = null;
  private isStopping = false;
  private batch = BLOCKS_PER_BATCH;

  constructor(
    readonly chain: Chain,
    private readonly parts: FollowerParts,
  ) {
    this.writer = new ChainWriter(chain, { chainId: chain.id, id: this.leaseId }, parts);
    this.finality = new Finality(chain, this.writer, parts);
  }

  /** Reads what the chain has more. @returns milliseconds until the next call */
  async round(): Promise<number> {
    try {
      const position = await this.writer.acquire();
      if (!position) {
        this.held = null;
        return this.pollMs;
      }
      const held = (this.held ??= await this.load(position));
      await this.parts.followed.refresh();
      const { state, headNumber } = await this.parts.nodes.use(this.chain.id, (node) =>
        this.advance(held, node, position.genesisHash),
      );
      this.failures = 0;
      this.lastFault = null;
      const isConfirmed = state === 'following';
      await this.writer.report({ state, fault: null, headNumber, isConfirmed });
      return state === 'catching-up' ? 0 : this.pollMs;
    } catch (error) {
      return this.failed(error);
    }
  }

  /** The round that runs ends soon; see `release`. */
  stop(): void {
    this.isStopping = true;
  }

  async release(): Promise<void> {
    await this.writer.release();
    this.held = null;
  }

  private get pollMs(): number {
    return Math.min(Math.max(this.chain.blockTimeMs, MIN_POLL_MS), MAX_POLL_MS);
  }

  private async failed(error: unknown): Promise<number> {
    if (error instanceof LeaseLost) {
      this.held = null;
      return 0;
    }
    // What is in memory may be older than what was committed.
    if (!(error instanceof NodeError)) this.held = null;
    const { kind, state, text: fault } = faultOf(error);
    this.parts.onFault(this.chain, kind);
    this.failures += 1;
    const fields = { chainId: this.chain.id, fault, ...(kind === 'internal' && { err: error }) };
    if (fault !== this.lastFault) this.parts.logger.warn(fields, `a chain is ${state}`);
    this.lastFault = fault;
    await this.reportFault({ state, fault, headNumber: null, isConfirmed: false });
    return Math.min(this.pollMs * 2 ** Math.min(this.failures, 10), MAX_RETRY_MS);
  }

  /** The database may be what failed. */
  private async reportFault(report: Report): Promise<void> {
    try {
      await this.writer.report(report);
    } catch (error) {
      this.parts.logger.warn({ err: error, chainId: this.chain.id }, 'the fault of a chain was not recorded');
    }
  }

  /** After the lease was taken: all that an earlier holder registered is followed here too. */
  private async load(position: Position): Promise<Held> {
    const { database, followed, positions, walletChains, walletKeys } = this.parts;
    await followed.refresh(true);
    const { id } = this.chain;
    const blocks = await database.read((manager) => positions.blocks(manager, id));
    const known = await database.read((manager) => walletChains.ofChain(manager, id));
    return {
      window: ChainWindow.of(blocks as readonly BlockLink[], {
        size: WINDOW_BLOCKS,
        finalNumber: position.finalNumber,
      }),
      owners: new PendingOwners(this.chain, database, walletKeys),
      registered: new Map(known.map(({ walletId, fromBlock }) => [walletId, fromBlock])),
      version: -1,
    };
  }

  /** Works with one node. @throws NodeError, LeaseLost */
  private async advance(
    held: Held,
    node: EvmNode,
    genesisHash: string | null,
  ): Promise<{ state: ChainState; headNumber: number }> {
    const reader = new ChainReader(this.chain, node);
    await this.checkGenesis(reader, genesisHash);
    const head = await reader.head();
    const headNumber = head.latest.number;
    if (!held.window.head) await this.start(held, reader, head);
    const isBehind = (await this.attach(held, reader, head.latest)) === 'behind';
    let tip = tipOf(held);
    if (headNumber - tip.number > BLOCKS_PER_BATCH)
      await this.writer.report({ state: 'catching-up', fault: null, headNumber, isConfirmed: false });
    while (tip.number < headNumber && !this.isStopping) {
      const count = Math.min(BLOCKS_PER_BATCH, headNumber - tip.number);
      await this.read(held, reader, head, count);
      tip = tipOf(held);
    }
    await this.makeFinal(held, head);
    if (isBehind) return { state: 'following', headNumber: tip.number };
    return { state: tip.number < headNumber ? 'catching-up' : 'following', headNumber };
  }

  /** @throws NodeError where final blocks contradict each other: those that are not final yet are read again then */
  private async makeFinal(held: Held, head: Head): Promise<void> {
    try {
      await this.finality.reach(held, head, () => this.isStopping);
    } catch (error) {
      const [final] = held.window.blocks;
      const isTwice = error instanceof NodeError && error.details.reason === TRANSACTION_TWICE;
      if (isTwice && final) await this.dropAbove(held, final);
      throw error;
    }
  }

  private async checkGenesis(reader: ChainReader, known: string | null): Promise<void> {
    const genesis = await reader.linkByNumber(0);
    if (!genesis) throw new NodeError('away', { reason: 'no_genesis' });
    if (known === null) await this.writer.setGenesis(genesis.hash);
    else if (known !== genesis.hash) throw new NodeError('lying', { reason: 'other_genesis' });
  }

  /** The first block that is held counts as final. Its transfers are not read. */
  private async start(held: Held, reader: ChainReader, { latest, finalized }: Head): Promise<void> {
    const { confirmations, startBlock } = this.chain;
    const lastFinal = finalized?.number ?? Math.max(0, latest.number - confirmations);
    const number = Math.min(startBlock === null ? lastFinal : Math.max(0, startBlock - 1), latest.number);
    const block = await reader.linkByNumber(number);
    if (!block) throw new NodeError('away', { reason: 'no_start_block' });
    await this.writer.start(block);
    held.window = ChainWindow.of([block], { size: WINDOW_BLOCKS, finalNumber: block.number });
  }

  /** Goes back to the common ancestor where the node's chain is another one. */
  private async attach(held: Held, reader: ChainReader, block: BlockLink): Promise<'behind' | 'attached'> {
    for (let link = block; ;) {
      const placed = held.window.place(link);
      switch (placed.kind) {
        case 'extends':
        case 'gap':
          return 'attached';
        case 'known':
          return link.number < tipOf(held).number ? 'behind' : 'attached';
        case 'behind':
          throw new NodeError('away', { reason: 'far_behind' });
        case 'contradiction':
          throw new NodeError('lying', { reason: 'block.contradiction' });
        case 'below-finality':
          throw new NodeError('lying', { reason: BELOW_FINALITY });
        case 'reorganised':
          await this.rewind(held, placed.ancestor);
          return 'attached';
        case 'detached':
          link = await parentOf(reader, placed.parent);
      }
    }
  }

  private async rewind(held: Held, ancestor: BlockLink): Promise<void> {
    const tip = tipOf(held);
    const rows = await this.dropAbove(held, ancestor);
    const depth = tip.number - ancestor.number;
    this.parts.logger.info({ chainId: this.chain.id, depth, rows }, 'a chain was reorganised');
    this.parts.onReorganised(this.chain, depth);
  }

  /** @returns how many rows were marked */
  private async dropAbove(held: Held, ancestor: BlockLink): Promise<number> {
    const rows = await this.writer.rewind(tipOf(held), ancestor);
    const { window } = held;
    const kept = window.blocks.filter(({ number }) => number <= ancestor.number);
    held.window = ChainWindow.of(kept, { size: WINDOW_BLOCKS, finalNumber: window.finalNumber });
    return rows;
  }

  /** Blocks that follow the tip. Where the first of them does not, the chain was reorganised meanwhile. */
  private async read(held: Held, reader: ChainReader, head: Head, count: number): Promise<void> {
    const { followed } = this.parts;
    const tip = tipOf(held);
    const blocks = await this.blocksFrom(reader, tip.number + 1, count);
    const [first] = blocks;
    if (!first) throw new NodeError('away', { reason: 'no_blocks' });
    if (first.parentHash !== tip.hash) {
      await this.attach(held, reader, first);
      return;
    }
    // The node's chain has the tip. Nothing more is read while what is held cannot become final.
    await this.makeFinal(held, head);
    await followed.refresh();
    let { window } = held;
    const following = [];
    for (const block of blocks) {
      if (window.place(block).kind !== 'extends') break;
      window = window.add(block);
      following.push(matchBlock(block, (address) => followed.walletsAt(this.chain, address)));
    }
    if (following.length === 0) throw new NodeError('lying', { reason: 'block.contradiction' });
    // From here to the newcomers nothing is awaited: they were looked for in all of these blocks.
    const { version } = followed;
    const newcomers =
      version === held.version ? [] : followed.on(this.chain).filter((id) => !held.registered.has(id));
    const fromBlockOf = (walletId: string): number => held.registered.get(walletId) ?? first.number;
    const rows = await this.writer.add(
      tip,
      following,
      { walletIds: newcomers, fromBlock: first.number },
      fromBlockOf,
    );
    held.window = window;
    for (const walletId of newcomers) held.registered.set(walletId, first.number);
    held.version = version;
    held.owners.add(rows);
  }

  /** Several blocks may be too much for a node, or for what is read of one answer. */
  private async blocksFrom(
    reader: ChainReader,
    from: number,
    count: number,
  ): Promise<readonly CheckedBlock[]> {
    try {
      const blocks = await reader.blocks(from, Math.min(count, this.batch));
      this.batch = Math.min(this.batch * 2, BLOCKS_PER_BATCH);
      return blocks;
    } catch (error) {
      if (!(error instanceof NodeError) || error.kind === 'limited' || this.batch === 1) throw error;
      this.batch = 1;
      return reader.blocks(from, 1);
    }
  }
}

async function parentOf(
  reader: ChainReader,
  { number, hash }: { readonly number: number; readonly hash: Hash },
): Promise<BlockLink> {
  const parent = await reader.linkByHash(hash);
  if (!parent) throw new NodeError('away', { reason: 'block.absent' });
  // Parents that do not descend would never end.
  if (parent.number !== number) throw new NodeError('lying', { reason: 'block.contradiction' });
  return parent;
}
