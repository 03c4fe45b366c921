import { NodeError, type Chain, type EvmNode } from '@countersign/chains';
import { ChainWindow, type BlockLink, type CheckedBlock, type Hash } from '@countersign/evm-blocks';
import type { ReadingState } from '@countersign/wallet-reading';
import type { Position } from '../store/positions.repository';
import type { Verdict } from './agreement';
import { assertSenders, matchBlock } from './block-matches';
import { checkTimes } from './block-times';
import { ChainReader, type Head } from './chain-reader';
import { ContentsDisagreement } from './finality/contents-agreement';
import type { Finality } from './finality/finality';
import type { ChainWriter } from './chain-writer';
import type { ScanDeps } from './scan-deps';
import type { NewWallets } from '../store/follow-starts';
import {
  BELOW_FINALITY,
  TRANSACTION_TWICE,
  unconfirmed,
  UNKNOWN_HEADER,
  type FollowerFault,
} from './follower-fault';
import { tipOf, windowBlocksOf, type LeasedChain } from './finality/leased-chain';

/** An honest node reorganises once or twice while blocks are read. */
const MAX_REORGANISATIONS = 16;
/** A node that has called nothing final for so long is reported. */
const LATE_MS = 600_000;

/** Of the follower that passes. */
export interface PassContext {
  readonly writer: ChainWriter;
  readonly finality: Finality;
  readonly isStopping: () => boolean;
}

/** How a pass ended. */
export interface Passed {
  readonly state: ReadingState;
  readonly headNumber: number;
  /** Whether the tip is the head of the chain. */
  readonly isConfirmed: boolean;
  /** Why nothing becomes final. */
  readonly fault: FollowerFault | null;
}

/** Reads with one node what the chain has more. */
export class ChainPass {
  private readonly reader: ChainReader;
  private verdict: Verdict['kind'] = 'agreed';
  private reorganisations = 0;

  constructor(
    private readonly chain: Chain,
    private readonly leased: LeasedChain,
    private readonly node: EvmNode,
    private readonly context: PassContext,
    private readonly deps: ScanDeps,
  ) {
    this.reader = new ChainReader(chain, node);
  }

  /** @throws NodeError, Disagreement, LeaseLost */
  async run({ genesisHash }: Pick<Position, 'genesisHash'>): Promise<Passed> {
    const { leased } = this;
    const { writer, isStopping } = this.context;
    await this.checkGenesis(genesisHash);
    const head = await this.reader.head();
    const headNumber = head.latest.number;
    if (!leased.window.head) await this.start(head);
    const isBehind = (await this.attach(head.latest)) === 'behind';
    let tip = tipOf(leased);
    if (headNumber - tip.number > this.chain.blocksPerBatch)
      await writer.report({ state: 'catching-up', fault: null, headNumber, isConfirmed: false });
    while (tip.number < headNumber && !isStopping() && !this.isFull) {
      await this.read(head, Math.min(this.chain.blocksPerBatch, headNumber - tip.number));
      tip = tipOf(leased);
    }
    await this.makeFinal(head);
    const isConfirmed = isBehind || tip.number >= headNumber;
    const fault = this.fault();
    const state = fault?.state ?? (isConfirmed ? 'following' : 'catching-up');
    return { state, headNumber: isBehind ? tip.number : headNumber, isConfirmed, fault };
  }

  /** Whether no more may be pending before some of it is final: there is another node, and it does not confirm. */
  private get isFull(): boolean {
    const { blocks } = this.leased.window;
    return (
      this.verdict !== 'agreed' && blocks.length + this.chain.blocksPerBatch > windowBlocksOf(this.chain)
    );
  }

  private fault(): FollowerFault | null {
    const known = this.leased.hasUnknownHeader ? UNKNOWN_HEADER : null;
    if (this.verdict === 'agreed') return known;
    const { finalNumber } = this.leased.window;
    const notFinal = tipOf(this.leased).number - (finalNumber ?? 0) - this.chain.confirmations;
    const isLate = notFinal * this.chain.blockTimeMs > LATE_MS || this.isFull;
    return this.verdict === 'alone' || isLate ? unconfirmed(this.verdict) : known;
  }

  /** @throws NodeError where final blocks contradict each other: those that are not final yet are read again then */
  private async makeFinal(head: Head): Promise<void> {
    const { leased, context } = this;
    try {
      this.verdict = await context.finality.reach(leased, head, this.node, context.isStopping);
    } catch (error) {
      const [final] = leased.window.blocks;
      const isTwice = error instanceof NodeError && error.details.reason === TRANSACTION_TWICE;
      const isStoredWrong = error instanceof ContentsDisagreement && error.isStoredWrong;
      if ((isTwice || isStoredWrong) && final) await this.dropAbove(final);
      throw error;
    }
  }

  private async checkGenesis(known: string | null): Promise<void> {
    const genesis = await this.reader.linkByNumber(0);
    if (!genesis) throw new NodeError('away', { reason: 'no_genesis' });
    if (known === null) await this.context.writer.setGenesis(genesis.hash);
    else if (known !== genesis.hash) throw new NodeError('lying', { reason: 'other_genesis' });
  }

  /** The first block of the window counts as final. Its transfers are not read. */
  private async start({ latest, finalized }: Head): Promise<void> {
    const { confirmations, startBlock } = this.chain;
    const confirmed = Math.max(0, latest.number - confirmations);
    const lastFinal = finalized?.number ?? confirmed;
    const number = Math.min(startBlock === null ? lastFinal : Math.max(0, startBlock - 1), latest.number);
    const wanted = { number, confirmed, isNewest: startBlock === null };
    const block = await this.context.finality.first(this.reader, this.node, wanted);
    await this.context.writer.start(block);
    this.leased.window = ChainWindow.of([block], {
      size: windowBlocksOf(this.chain),
      finalNumber: block.number,
    });
  }

  /** Goes back to the common ancestor where the node's chain is another one. */
  private async attach(block: BlockLink): Promise<'behind' | 'attached'> {
    const { leased } = this;
    for (let link = block; ;) {
      const placed = leased.window.locate(link);
      switch (placed.kind) {
        case 'extends':
        case 'gap':
          return 'attached';
        case 'known':
          return link.number < tipOf(leased).number ? 'behind' : 'attached';
        case 'behind':
          throw new NodeError('away', { reason: 'far_behind' });
        case 'contradiction':
          throw new NodeError('lying', { reason: 'block.contradiction' });
        case 'below-finality':
          throw new NodeError('lying', { reason: BELOW_FINALITY });
        case 'reorganised':
          await this.rewind(placed.ancestor);
          return 'attached';
        case 'detached':
          link = await this.parentOf(placed.parent);
      }
    }
  }

  private async parentOf({
    number,
    hash,
  }: {
    readonly number: number;
    readonly hash: Hash;
  }): Promise<BlockLink> {
    const parent = await this.reader.linkByHash(hash);
    if (!parent) throw new NodeError('away', { reason: 'block.absent' });
    // Parents that do not descend would never end.
    if (parent.number !== number) throw new NodeError('lying', { reason: 'block.contradiction' });
    return parent;
  }

  /** @throws NodeError where the node's chain is another one again and again */
  private async rewind(ancestor: BlockLink): Promise<void> {
    this.reorganisations += 1;
    if (this.reorganisations > MAX_REORGANISATIONS)
      throw new NodeError('lying', { reason: 'reorganising_without_end' });
    const tip = tipOf(this.leased);
    const rows = await this.dropAbove(ancestor);
    const depth = tip.number - ancestor.number;
    this.deps.logger.info({ chainId: this.chain.id, depth, rows }, 'a chain was reorganised');
    this.deps.countReorganisation({ chain: this.chain.id });
  }

  /** @returns how many rows were marked */
  private async dropAbove(ancestor: BlockLink): Promise<number> {
    const { leased } = this;
    const rows = await this.context.writer.rewind(tipOf(leased), ancestor);
    const { window } = leased;
    const remaining = window.blocks.filter(({ number }) => number <= ancestor.number);
    leased.window = ChainWindow.of(remaining, {
      size: windowBlocksOf(this.chain),
      finalNumber: window.finalNumber,
    });
    leased.tipAt = null;
    return rows;
  }

  /** Blocks that follow the tip. Where the first of them does not, the chain was reorganised meanwhile. */
  private async read(head: Head, count: number): Promise<void> {
    const { leased, chain } = this;
    const { followed, clock, maxAheadMs } = this.deps;
    const { writer } = this.context;
    const tip = tipOf(leased);
    const blocks = await this.blocksFrom(tip.number + 1, count);
    const [first] = blocks;
    if (!first) throw new NodeError('away', { reason: 'no_blocks' });
    if (first.parentHash !== tip.hash) {
      await this.attach(first);
      return;
    }
    // The node's chain has the tip. Nothing more is read while the pending blocks cannot become final.
    await this.makeFinal(head);
    if (this.isFull) return;
    await followed.refresh();
    let { window } = leased;
    const following: CheckedBlock[] = [];
    for (const block of blocks) {
      if (window.locate(block).kind !== 'extends') break;
      window = window.add(block);
      following.push(block);
    }
    if (following.length === 0) throw new NodeError('lying', { reason: 'block.contradiction' });
    const tipAt = checkTimes(following, leased.tipAt, new Date(clock.now().getTime() + maxAheadMs));
    const matched = following.map((block) =>
      matchBlock(block, (address) => followed.walletsAt(chain, address)),
    );
    // From here to the new wallets nothing is awaited: they were looked for in all of these blocks.
    const { version } = followed;
    const newWallets = this.newWallets(first.number);
    await assertSenders(matched);
    const { rows, registered } = await writer.add(tip, matched, newWallets, (walletId) => {
      const known = newWallets.rows.get(walletId) ?? leased.starts.of(walletId, followed.linkedAt(walletId));
      return known ?? first.number;
    });
    leased.window = window;
    leased.tipAt = tipAt;
    for (const { number, rules } of following)
      leased.readings.set(number, { index: this.node.index, isRecomputed: rules.hasEthereumEncoding });
    leased.hasUnknownHeader =
      chain.hasEthereumEncoding && following.at(-1)?.rules.hasEthereumEncoding === false;
    leased.starts.add({ rows: registered, start: newWallets.start });
    leased.version = version;
    leased.owners.add(rows);
  }

  /** Wallets that are followed from a block on. */
  private newWallets(fromBlock: number): NewWallets {
    const { leased, chain } = this;
    const { followed } = this.deps;
    const added = leased.version === null ? null : followed.addedOn(chain, leased.version);
    return leased.starts.newWallets(added ?? followed.allOn(chain), (id) => followed.linkedAt(id), {
      fromBlock,
      areAll: added === null,
      now: this.context.writer.databaseNow().getTime(),
      needsRows: chain.mayNameAddresses && chain.backfillBlocks > 0,
    });
  }

  /** Several blocks may be too much for a node, or for what is read of one answer. */
  private async blocksFrom(from: number, count: number): Promise<readonly CheckedBlock[]> {
    const { leased, reader } = this;
    try {
      const blocks = await reader.blocks(from, Math.min(count, leased.batch));
      leased.batch = Math.min(leased.batch * 2, this.chain.blocksPerBatch);
      return blocks;
    } catch (error) {
      if (!(error instanceof NodeError) || error.kind === 'limited' || leased.batch === 1) throw error;
      leased.batch = 1;
      return reader.blocks(from, 1);
    }
  }
}
