import type { EntityManager } from 'typeorm';
import { MINUTE } from '@countersign/clock';
import type { Chain } from '@countersign/chains';
import { entriesOf, foreignLast } from '../entry';
import { pendingDigest } from '../store/digests';
import type { PendingRow } from '../store/pending.repository';
import {
  LeaseLost,
  type PendingBlock,
  type Lease,
  type Position,
  type Report,
} from '../store/positions.repository';
import { openCounterparties, sealCounterparties, sealedPending } from '../store/sealing';
import type { MatchedBlock, WalletMatch } from './block-matches';
import { contractOf, storedOf } from './stored-transfers';
import type { OwnedRow } from './finality/pending-owners';
import { SpamRulesOfChain } from './spam-judge';
import type { NewWallets } from '../store/follow-starts';
import type { ScanDeps } from './scan-deps';

/** That of a reset by the version before. */
const LONGEST_LEASE_MS = 15 * MINUTE;

type NewRow = Omit<PendingRow, 'orphanedAt'>;

/** What was written about blocks. */
export interface Written {
  readonly rows: readonly OwnedRow[];
  /** Wallets that have a row since, and from which block on they are followed. */
  readonly registered: ReadonlyMap<string, number>;
}

/**
 * The transactions of one follower. Each begins by locking the position under its lease, so that nothing is written by a
 * replica that has lost it.
 */
export class ChainWriter {
  private readonly spam: SpamRulesOfChain;
  private databaseTime = { now: new Date(0), readAt: 0 };

  constructor(
    private readonly chain: Chain,
    private readonly lease: Lease,
    private readonly deps: ScanDeps,
  ) {
    this.spam = new SpamRulesOfChain(chain);
  }

  /** @returns null while another replica has the lease */
  async acquire(): Promise<Position | null> {
    const { database, databaseClock, positions, clock, leaseMs } = this.deps;
    this.databaseTime = { now: await databaseClock.now(), readAt: performance.now() };
    const { now } = this.databaseTime;
    const tooFar = new Date(now.getTime() + Math.max(LONGEST_LEASE_MS, leaseMs) + MINUTE);
    return database.transaction(async (tx) => {
      await positions.ensure(tx, this.chain.id, clock.now());
      return positions.acquire(tx, this.lease, { now, until: this.leaseUntil(), tooFar });
    });
  }

  async release(): Promise<void> {
    await this.deps.database.transaction((tx) => this.deps.positions.release(tx, this.lease));
  }

  async setGenesis(hash: string): Promise<void> {
    await this.deps.database.transaction((tx) => this.deps.positions.setGenesis(tx, this.lease, hash));
  }

  async report(report: Report): Promise<void> {
    const { database, positions, clock } = this.deps;
    await database.transaction((tx) => positions.report(tx, this.lease, report, clock.now()));
  }

  /** The first block, which the next ones follow. Its transfers are not read. */
  async start(block: PendingBlock): Promise<void> {
    await this.write(null, async (tx) => {
      await this.deps.positions.addBlocks(tx, this.chain.id, [block]);
      await this.deps.positions.setTip(tx, this.chain.id, block, this.leaseUntil());
      await this.deps.positions.setFinal(tx, this.chain.id, block.number);
    });
  }

  /**
   * Blocks that follow the tip, oldest first.
   * @param fromBlockOf from which block on a wallet is followed
   */
  async add(
    tip: PendingBlock,
    blocks: readonly MatchedBlock[],
    newWallets: NewWallets,
    fromBlockOf: (walletId: string) => number,
  ): Promise<Written> {
    const last = blocks.at(-1)?.block;
    if (!last) return { rows: [], registered: new Map() };
    const { positions, pending, walletChains } = this.deps;
    const written = await this.write(tip, async (tx) => {
      const registered = new Map(newWallets.rows);
      for (const { walletId } of matchesSince(blocks, fromBlockOf))
        if (!registered.has(walletId)) registered.set(walletId, fromBlockOf(walletId));
      await walletChains.register(tx, this.chain.id, registered);
      if (newWallets.start) await walletChains.addStart(tx, this.chain.id, newWallets.start);
      await positions.addBlocks(
        tx,
        this.chain.id,
        blocks.map(({ block }) => ({ ...block, isRecomputed: block.rules.hasEthereumEncoding })),
      );
      const rows = await this.rowsOf(tx, blocks, fromBlockOf);
      await pending.add(tx, this.chain.id, rows);
      await positions.setTip(tx, this.chain.id, last, this.leaseUntil());
      return { rows, registered };
    });
    const unread = blocks.reduce((sum, block) => sum + block.unread, 0);
    if (unread > 0) this.deps.countUnread({ chain: this.chain.id }, unread);
    return written;
  }

  /** The chain has other blocks above `ancestor`: what was read there is marked. @returns how many rows */
  async rewind(tip: PendingBlock, ancestor: PendingBlock): Promise<number> {
    const { positions, pending, clock } = this.deps;
    return this.write(tip, async (tx) => {
      const marked = await pending.orphanAbove(tx, this.chain.id, ancestor.number, clock.now());
      await positions.dropBlocksAbove(tx, this.chain.id, ancestor.number);
      await positions.setTip(tx, this.chain.id, ancestor, this.leaseUntil());
      return marked;
    });
  }

  /** @throws LeaseLost */
  async write<T>(tip: PendingBlock | null, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.deps.database.transaction(async (tx) => {
      const { tipHash } = await this.deps.positions.fence(tx, this.lease);
      if (tipHash !== (tip?.hash ?? null)) throw new LeaseLost('the position is another one');
      return work(tx);
    });
  }

  private async rowsOf(
    tx: EntityManager,
    blocks: readonly MatchedBlock[],
    fromBlockOf: (walletId: string) => number,
  ): Promise<readonly (NewRow & OwnedRow)[]> {
    const { walletKeys, walletChains, unreadable: lost } = this.deps;
    const { id: chainId } = this.chain;
    const matches = matchesSince(blocks, fromBlockOf);
    if (matches.length === 0) return [];
    const walletIds = [...new Set(matches.map(({ walletId }) => walletId))];
    const { opened, unreadable } = lost.sort(chainId, await walletKeys.open(tx, walletIds));
    await walletChains.markGaps(tx, chainId, unreadable);
    const known = await walletChains.ofWallets(tx, walletIds, chainId);
    const contracts = matches.flatMap(({ transfers }) => transfers.map(contractOf));
    const names = await this.deps.tokenNames.of(tx, this.chain, contracts);
    const rows: (NewRow & OwnedRow)[] = [];
    for (const [walletId, wallet] of opened) {
      const ofWallet = matches.filter((match) => match.walletId === walletId);
      const [first] = ofWallet;
      if (!first) continue;
      const row = known.find((each) => each.walletId === walletId);
      const addresses = openCounterparties(wallet, chainId, row?.counterparties);
      const judge = this.spam.judgeOf(first.address, addresses, (contract) => names.get(contract) ?? null);
      for (const { block, address, transfers } of ofWallet) {
        const digest = pendingDigest(wallet, chainId, block.hash);
        const { stored, omitted } = storedOf(transfers, address, this.spam.listed);
        const entries = foreignLast(
          entriesOf(block, address, stored, (transfer) => judge.reasonsOf(transfer), omitted),
          this.spam.listed,
        );
        rows.push(
          ...entries.map((entry, position) => ({
            blockNumber: block.number,
            blockHash: block.hash,
            digest,
            position,
            walletId,
            content: sealedPending.seal(wallet.dataKey, [digest, position], entry),
          })),
        );
      }
      if (judge.learnt)
        await walletChains.saveCounterparties(
          tx,
          chainId,
          walletId,
          sealCounterparties(wallet, chainId, judge.learnt),
        );
    }
    return rows;
  }

  /** By the clock of the database, as last read: a step of this machine's clock does not change it. */
  databaseNow(): Date {
    const { now, readAt } = this.databaseTime;
    return new Date(now.getTime() + performance.now() - readAt);
  }

  private leaseUntil(): Date {
    return new Date(this.databaseNow().getTime() + this.deps.leaseMs);
  }
}

/** What blocks have of wallets that are followed by then. */
function matchesSince(
  blocks: readonly MatchedBlock[],
  fromBlockOf: (walletId: string) => number,
): readonly (WalletMatch & Pick<MatchedBlock, 'block'>)[] {
  return blocks.flatMap(({ block, matches }) =>
    matches
      .filter(({ walletId }) => block.number >= fromBlockOf(walletId))
      .map((match) => ({ block, ...match })),
  );
}
