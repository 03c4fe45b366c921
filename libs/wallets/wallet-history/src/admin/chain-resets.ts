import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Chains, chainUnavailable, EvmNodes, NodeError, type Chain } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { BlockLink } from '@countersign/evm-blocks';
import { WalletKeys } from '@countersign/linked-wallets';
import { Agreement, Disagreement } from '../follower/agreement';
import { ChainReader } from '../follower/chain-reader';
import { HistoryRepository } from '../store/history.repository';
import { PositionsRepository } from '../store/positions.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { walletHistoryError } from '../wallet-history.errors';
import { cutHistory } from './cut-history';

/** What a reset did. */
export interface ChainReset {
  readonly chainId: string;
  /** The last block whose transactions stay, as the nodes report it. */
  readonly block: BlockLink;
  /** Entries of histories that were deleted, and are read again where the chain has them. */
  readonly removedEntries: number;
  /** Of how many wallets. */
  readonly wallets: number;
}

const PAGE = 500;

/** Has a chain read again from a block on, after a node had lied about it. */
@Injectable()
export class ChainResets {
  constructor(
    private readonly chains: Chains,
    private readonly nodes: EvmNodes,
    private readonly database: Database,
    private readonly positions: PositionsRepository,
    private readonly walletChains: WalletChainsRepository,
    private readonly history: HistoryRepository,
    private readonly walletKeys: WalletKeys,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes what was read of later blocks: of histories, balances and blocks, in one transaction. The follower then reads on
   * from the next block, for every wallet.
   * @param lastBlock at most the last one that counts as final here; its nodes have to agree on it
   * @throws AppError chain.not_found, chain.not_read, chain.block_not_final, chain.nodes_disagree, chain.unavailable
   */
  async reset(chainId: string, lastBlock: number): Promise<ChainReset> {
    const chain = this.chains.get(chainId);
    if (chain.kind !== 'evm' || !chain.follow) throw walletHistoryError('chain.not_read');
    const block = await this.agreedBlock(chain, lastBlock);
    await this.audit.prepare();
    return this.database.transaction((tx) => this.resetIn(tx, chain, block));
  }

  private async resetIn(tx: EntityManager, chain: Chain, block: BlockLink): Promise<ChainReset> {
    const { id: chainId } = chain;
    const { positions, walletChains, history } = this;
    const finalNumber = await positions.lockForReset(tx, chainId);
    if (finalNumber === null) throw walletHistoryError('chain.not_read');
    // Blocks between would never be read.
    if (block.number > finalNumber) throw walletHistoryError('chain.block_not_final');
    const known = await walletChains.ofChain(tx, chainId);
    const walletIds = known.map(({ walletId }) => walletId).toSorted();
    let [removedEntries, wallets] = [0, 0];
    for (let at = 0; at < walletIds.length; at += PAGE) {
      const page = walletIds.slice(at, at + PAGE);
      const rows = await walletChains.ofWallets(tx, page, chainId);
      const unreadable: string[] = [];
      for (const [walletId, wallet] of await this.walletKeys.open(tx, page)) {
        const row = rows.find((each) => each.walletId === walletId);
        const cut =
          wallet &&
          row &&
          (await cutHistory(tx, { history, walletChains }, chain, wallet, row, block.number));
        if (!cut || cut.isDamaged) unreadable.push(walletId);
        removedEntries += cut?.removed ?? 0;
        if (cut?.removed) wallets += 1;
      }
      // What a lying node reported of them stays, and cannot be read.
      await walletChains.markGaps(tx, chainId, unreadable);
    }
    // Inside a transaction, unlike elsewhere: midnight may have passed, and no lock on the trail is taken yet.
    await this.audit.prepare();
    await positions.restart(tx, chainId, block, this.clock.now());
    // A wallet that a liar's far too high block was the first of would never be followed.
    await walletChains.startBy(tx, chainId, block.number + 1);
    const { number } = block;
    const details = Object.entries({ lastBlock: number, removedEntries, wallets });
    await this.audit.record(tx, 'chain.reset', {
      actor: operator(),
      subject: chainId,
      details: Object.fromEntries(details.map(([name, value]) => [name, String(value)])),
    });
    return { chainId, block, removedEntries, wallets };
  }

  /** A block that two nodes call final, or the only one that is configured. */
  private async agreedBlock(chain: Chain, number: number): Promise<BlockLink> {
    try {
      return await this.nodes.use(chain.id, async (node) => {
        const reader = new ChainReader(chain, node);
        const { latest, finalized } = await reader.head();
        const confirmed = Math.max(0, latest.number - chain.confirmations);
        if (number > (finalized?.number ?? confirmed)) throw walletHistoryError('chain.block_not_final');
        const block = await reader.linkByNumber(number);
        if (!block) throw new NodeError('away', { reason: 'block.absent' });
        const hashAt = (at: number) => (at === number ? block.hash : null);
        const verdict = await new Agreement(chain, this.nodes).on(node, { number, confirmed, hashAt });
        if (verdict.kind === 'agreed' && verdict.number === number) return block;
        throw new NodeError('away', { reason: 'no_second_node' });
      });
    } catch (error) {
      if (error instanceof Disagreement) throw walletHistoryError('chain.nodes_disagree', { cause: error });
      if (error instanceof NodeError) throw chainUnavailable(error);
      throw error;
    }
  }
}
