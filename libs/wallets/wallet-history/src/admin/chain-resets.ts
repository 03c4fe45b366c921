import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Chains, chainUnavailable, EvmNodes, NodeError, type Chain } from '@countersign/chains';
import { Clock, MINUTE } from '@countersign/clock';
import { Database, DatabaseClock } from '@countersign/database';
import type { BlockLink } from '@countersign/evm-blocks';
import { WalletKeys } from '@countersign/linked-wallets';
import { Agreement, Disagreement } from '../follower/agreement';
import { ChainReader } from '../follower/chain-reader';
import { ChainResetRepository } from '../store/chain-reset.repository';
import { LeaseLost, PositionsRepository, RESET_LEASE_MS, type Lease } from '../store/positions.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { walletHistoryError } from '../wallet-history.errors';
import { WalletTrimming } from './wallet-trimming';

/** What a reset did. */
export interface ChainReset {
  readonly chainId: string;
  /** The last block whose transactions were kept, as the nodes tell it. */
  readonly block: BlockLink;
  /** Entries of histories that went, and are read again where the chain has them. */
  readonly removedEntries: number;
  /** Of how many wallets. */
  readonly wallets: number;
}

const EXTENDED_EVERY_MS = 5 * MINUTE;
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
    private readonly walletKeys: WalletKeys,
    private readonly resets: ChainResetRepository,
    private readonly trimming: WalletTrimming,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
  ) {}

  /**
   * Keeps what was read up to a block, and removes the rest: of histories, balances and blocks. All of it or nothing. The
   * follower then reads on from the next block, for every wallet.
   * @param lastBlock at most the last one that counts as final here; its nodes have to agree on it
   * @throws AppError chain.not_found, chain.not_read, chain.block_not_final, chain.nodes_disagree, chain.reset_elsewhere,
   * chain.unavailable
   */
  async reset(chainId: string, lastBlock: number): Promise<ChainReset> {
    const chain = this.chains.get(chainId);
    if (chain.kind !== 'evm' || !chain.follow) throw walletHistoryError('chain.not_read');
    const block = await this.agreedBlock(chain, lastBlock);
    await this.audit.prepare();
    const lease: Lease = { chainId: chain.id, id: randomUUID() };
    try {
      const until = await this.leaseUntil();
      await this.database.transaction((tx) => this.take(tx, lease, until, block));
      return await this.database.transaction((tx) => this.resetIn(tx, chain, lease, block));
    } catch (error) {
      if (error instanceof LeaseLost) throw walletHistoryError('chain.reset_elsewhere');
      throw error;
    } finally {
      await this.database.transaction((tx) => this.positions.release(tx, lease));
    }
  }

  private async take(tx: EntityManager, lease: Lease, until: Date, { number }: BlockLink): Promise<void> {
    const taken = await this.resets.take(tx, lease, until);
    if (taken?.finalNumber == null) throw walletHistoryError('chain.not_read');
    // Blocks between would never be read.
    if (number > taken.finalNumber) throw walletHistoryError('chain.block_not_final');
  }

  private async resetIn(
    tx: EntityManager,
    chain: Chain,
    lease: Lease,
    block: BlockLink,
  ): Promise<ChainReset> {
    const { chainId } = lease;
    const known = await this.walletChains.ofChain(tx, chainId);
    const walletIds = known.map(({ walletId }) => walletId).toSorted();
    let [removedEntries, wallets] = [0, 0];
    let takenAt = this.clock.now();
    for (let at = 0; at < walletIds.length; at += PAGE) {
      const opened = await this.walletKeys.open(tx, walletIds.slice(at, at + PAGE));
      const unreadable: string[] = [];
      for (const [walletId, wallet] of opened) {
        takenAt = await this.extended(lease, takenAt);
        const trimmed = wallet && (await this.trimming.trim(tx, wallet, chain, block.number));
        if (!trimmed || trimmed.isDamaged) unreadable.push(walletId);
        removedEntries += trimmed?.removed ?? 0;
        if (trimmed?.removed) wallets += 1;
      }
      // What a lying node reported of them stays, and cannot be read.
      await this.walletChains.markGaps(tx, chainId, unreadable);
    }
    // Inside a transaction, unlike elsewhere: midnight may have passed, and no lock on the trail is held yet.
    await this.audit.prepare();
    await this.positions.fence(tx, lease);
    // The first block of a chain is what it is known by: a test chain may have been begun anew under its id.
    const genesisHash = block.number === 0 ? block.hash : null;
    await this.resets.restart(tx, chainId, block, genesisHash, this.clock.now());
    // A wallet that a liar's far too high block was the first of would never be followed.
    await this.walletChains.startBy(tx, chainId, block.number + 1);
    await this.audit.record(tx, 'chain.reset', {
      actor: operator(),
      subject: chainId,
      details: {
        lastBlock: String(block.number),
        removedEntries: String(removedEntries),
        wallets: String(wallets),
      },
    });
    return { chainId, block, removedEntries, wallets };
  }

  /**
   * Extends the lease when it is due, in its own transaction, so that other replicas see it at once.
   * @returns when the lease was last extended
   * @throws LeaseLost
   */
  private async extended(lease: Lease, takenAt: Date): Promise<Date> {
    const now = this.clock.now();
    if (Math.abs(now.getTime() - takenAt.getTime()) < EXTENDED_EVERY_MS) return takenAt;
    const until = await this.leaseUntil();
    await this.database.transaction((tx) => this.resets.extend(tx, lease, until));
    return now;
  }

  /** For how long no follower writes, should this process end in the middle. */
  private async leaseUntil(): Promise<Date> {
    return new Date((await this.databaseClock.now()).getTime() + RESET_LEASE_MS);
  }

  /** A block that is final by the word of two nodes, or of the only one that is configured. */
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
