import { NodeError, type Chain, type EvmNode } from '@countersign/chains';
import { ChainWindow, type BlockLink } from '@countersign/evm-blocks';
import type { Agreement, Verdict } from '../agreement';
import type { ChainReader, Head } from '../chain-reader';
import type { ChainWriter } from '../chain-writer';

import { tipOf, windowBlocksOf, type LeasedChain } from './leased-chain';
import type { EntityManager } from 'typeorm';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { PendingPosition, RowOfBlock } from '../../store/pending.repository';
import type { ScanDeps } from '../scan-deps';
import { ContentsAgreement, StoredContents } from './contents-agreement';
import { Finaliser } from './finaliser';

/** The first block of the window. */
export interface FirstBlock {
  readonly number: number;
  /** The last block with enough confirmations. */
  readonly confirmed: number;
  readonly isNewest: boolean;
}

/** Of one transaction that makes rows final. */
const FINAL_PER_STEP = 100;

/** Moves rows of one chain to the final ones. Few are in memory at a time, and whole blocks move in one transaction. */
export class Finality {
  private readonly finaliser: Finaliser;
  private readonly contents: ContentsAgreement;

  constructor(
    private readonly chain: Chain,
    private readonly writer: ChainWriter,
    private readonly agreement: Agreement,
    private readonly deps: ScanDeps,
  ) {
    this.finaliser = new Finaliser(chain, deps);
    this.contents = new ContentsAgreement(chain, deps);
  }

  /**
   * The rows up to the last final block that is read, where the nodes agree on it.
   * @returns what other nodes say; nothing is final that was not before unless they agree
   * @throws Disagreement, NodeError
   */
  async reach(
    leased: LeasedChain,
    head: Head,
    node: EvmNode,
    isStopping: () => boolean,
  ): Promise<Verdict['kind']> {
    const tip = tipOf(leased);
    const { window } = leased;
    const confirmed = tip.number - this.chain.confirmations;
    const target = targetOf(leased, head, confirmed);
    const { finalNumber } = window;
    if (finalNumber === null || target <= finalNumber) return 'agreed';
    // A step that is not full waits while more is read: each costs a request to another node.
    const isFar = head.latest.number - tip.number > FINAL_PER_STEP;
    if (isFar && this.agreement.isNeeded && target - finalNumber < FINAL_PER_STEP) return 'agreed';
    const hashAt = (number: number) => window.at(number)?.hash ?? null;
    const question = { number: target, above: finalNumber, confirmed, hashAt };
    const verdict = await this.agreement.on(node, question);
    if (verdict.kind !== 'agreed') return verdict.kind;
    for (let from = finalNumber; from < verdict.number && !isStopping();) {
      const reached = await this.upTo(leased, Math.min(verdict.number, from + FINAL_PER_STEP), node);
      if (reached === null) return 'alone';
      from = reached;
    }
    return 'agreed';
  }

  /**
   * The first block of the window, which counts as final: the wanted one, or an earlier one where another node is behind
   * by no more blocks than are pending. Further back the start would rest on the report of one node, and cannot be moved up
   * again.
   * @param isNewest whether the node that is read chose the block: then it must not be far behind the others either
   * @throws Disagreement, NodeError
   */
  async first(
    reader: ChainReader,
    node: EvmNode,
    { number: wanted, confirmed, isNewest }: FirstBlock,
  ): Promise<BlockLink> {
    if (isNewest && (await this.agreement.isBehind(node, wanted + windowBlocksOf(this.chain))))
      throw new NodeError('away', { reason: 'far_behind' });
    let number = wanted;
    for (let isLast = false; ; isLast = true) {
      const block = await reader.linkByNumber(number);
      if (!block) throw new NodeError('away', { reason: 'no_start_block' });
      const hashAt = (at: number) => (at === block.number ? block.hash : null);
      const verdict = await this.agreement.on(node, { number, confirmed, hashAt });
      if (verdict.kind === 'agreed' && verdict.number === number) return block;
      const earlier = verdict.kind === 'alone' ? null : verdict.number;
      const lowest = Math.max(0, wanted - windowBlocksOf(this.chain));
      if (isLast || earlier === null || earlier < lowest || earlier >= number)
        throw new NodeError('away', {
          reason: verdict.kind === 'alone' ? 'no_second_node' : 'second_node_behind',
        });
      number = earlier;
    }
  }

  /** @returns the last block whose rows are final now: an earlier one where there are many rows; null where no other node answers */
  private async upTo(leased: LeasedChain, wanted: number, node: EvmNode): Promise<number | null> {
    const number = await this.moveUpTo(leased, wanted, node);
    if (number === null) return null;
    for (const read of leased.readings.keys()) if (read <= number) leased.readings.delete(read);
    const blocks = leased.window.blocks.filter((block) => block.number >= number);
    leased.window = ChainWindow.of(blocks, { size: windowBlocksOf(this.chain), finalNumber: number });
    return number;
  }

  /**
   * @param wanted a final block of the window
   * @param node that is read
   * @returns up to which block rows were moved: `wanted`, or an earlier one where the blocks have many rows, or are to be
   * compared; null where none may be, since no other node answers
   * @throws ContentsDisagreement, NodeError
   */
  private async moveUpTo(leased: LeasedChain, wanted: number, node: EvmNode): Promise<number | null> {
    const { database, pending, positions, walletChains, walletKeys, unreadable } = this.deps;
    const { id } = this.chain;
    const unproven = this.contents.unproven(leased, wanted);
    const beyond = unproven[this.chain.blocksPerBatch];
    const number = await this.stepTo(beyond ? beyond.number - 1 : wanted);
    const digests = await database.read((manager) => pending.digestsUpTo(manager, id, number));
    await this.learn(leased, digests);
    const compared = await this.contents.compare(
      leased,
      unproven.filter((block) => block.number <= number),
      new Set(digests.map(({ blockHash }) => blockHash)),
      node,
    );
    if (!compared) return null;
    const owners = digests.map(({ digest }) => leased.owners.of(digest)).filter((owner) => owner !== null);
    await this.writer.write(tipOf(leased), async (tx) => {
      const contents = new StoredContents(compared);
      // All at once: locks are taken in the order of ids.
      const wallets = await walletKeys.open(tx, [...new Set([...owners, ...contents.walletIds])]);
      const { opened, unreadable: lost } = unreadable.sort(id, wallets);
      const damaged = await this.move(tx, number, contents, ({ digest }) => {
        const owner = leased.owners.of(digest);
        return owner === null ? null : (opened.get(owner) ?? null);
      });
      await walletChains.markGaps(tx, id, [...lost, ...damaged]);
      contents.assertWhole(await this.withoutGap(tx, contents.walletIds, opened));
      await pending.deleteUpTo(tx, id, number);
      await positions.dropBlocksBelow(tx, id, number);
      await positions.setFinal(tx, id, number);
    });
    leased.owners.forget(digests);
    return number;
  }

  /** Those of the wallets that can be opened, and of which everything was stored so far. */
  private async withoutGap(
    tx: EntityManager,
    walletIds: ReadonlySet<string>,
    opened: ReadonlyMap<string, OpenedWallet>,
  ): Promise<ReadonlySet<string>> {
    const rows = await this.deps.walletChains.ofWallets(tx, [...walletIds], this.chain.id);
    const gaps = new Set(rows.filter(({ hasGap }) => hasGap).map(({ walletId }) => walletId));
    return new Set([...walletIds].filter((walletId) => opened.has(walletId) && !gaps.has(walletId)));
  }

  /** As many whole blocks as have few rows; one at least. */
  private async stepTo(wanted: number): Promise<number> {
    const { database, pending, limits } = this.deps;
    const counts = await database.read((manager) => pending.countsUpTo(manager, this.chain.id, wanted));
    let rows = 0;
    for (const [index, { blockNumber, count }] of counts.entries()) {
      rows += count;
      if (rows > limits.finalRows) return index === 0 ? blockNumber : blockNumber - 1;
    }
    return wanted;
  }

  /** Rows of wallets whose keys cannot be opened have no owner, and go. */
  private async learn(leased: LeasedChain, digests: readonly RowOfBlock[]): Promise<void> {
    const { database, unreadable, walletChains } = this.deps;
    const { id } = this.chain;
    const lost = await leased.owners.learn(digests, leased.starts.walletIds, (wallets) =>
      unreadable.sort(id, wallets),
    );
    if (lost.length > 0) await database.transaction((tx) => walletChains.markGaps(tx, id, lost));
  }

  /** @returns the wallets of which a row was damaged */
  private async move(
    tx: EntityManager,
    number: number,
    contents: StoredContents,
    walletOf: (row: RowOfBlock) => OpenedWallet | null,
  ): Promise<readonly string[]> {
    const { pending, limits } = this.deps;
    const damaged: string[] = [];
    for (let after: PendingPosition | null = null; ;) {
      const rows = await pending.pageUpTo(tx, this.chain.id, { number, after, limit: limits.finalRows });
      damaged.push(...(await this.finaliser.finalise(tx, rows, contents, walletOf)));
      after = rows.at(-1) ?? null;
      if (rows.length < limits.finalRows || after === null) return damaged;
    }
  }
}

/** The last block that the node that is read calls final, or that has enough confirmations. */
function targetOf(leased: LeasedChain, { finalized }: Head, confirmed: number): number {
  if (!finalized) return confirmed;
  const tip = tipOf(leased);
  if (finalized.number > tip.number) return tip.number;
  // A node that calls another block final than the pending one is judged by its blocks, not by its report.
  return leased.window.at(finalized.number)?.hash === finalized.hash ? finalized.number : -1;
}
