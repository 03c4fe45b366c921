import type { EntityManager } from 'typeorm';
import type { Chain, EvmNode } from '@countersign/chains';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { HistoryLimits } from '../../history-limits';
import type { HistoryRepository } from '../../store/history.repository';
import type { PendingPlace, RowOfBlock } from '../../store/pending.repository';

import type { ChainWriter, WriterDeps } from '../chain-writer';
import { ContentsAgreement, type ComparedBlocks, type ContentsAgreementDeps } from './contents-agreement';
import { Finaliser } from './finaliser';
import { tipOf, type LeasedChain } from './leased-chain';

export interface FinalisedRowsDeps extends WriterDeps, ContentsAgreementDeps {
  readonly history: HistoryRepository;
  readonly limits: HistoryLimits;
}

/** Moves rows of blocks that are final. Few are in memory at a time, and whole blocks move in one transaction. */
export class FinalisedRows {
  private readonly finaliser: Finaliser;
  private readonly contents: ContentsAgreement;

  constructor(
    private readonly chain: Chain,
    private readonly writer: ChainWriter,
    private readonly deps: FinalisedRowsDeps,
  ) {
    this.finaliser = new Finaliser(chain, deps);
    this.contents = new ContentsAgreement(chain, deps);
  }

  /**
   * @param wanted a final block of the window
   * @param node that is read
   * @returns up to which block rows were moved: `wanted`, or an earlier one where the blocks have many rows
   * @throws ContentsDisagreement
   */
  async moveUpTo(leased: LeasedChain, wanted: number, node: EvmNode): Promise<number> {
    const { database, pending, positions, walletChains, walletKeys, unreadable } = this.deps;
    const { id } = this.chain;
    const number = await this.stepTo(
      wanted,
      this.contents.isNeeded(leased) ? this.chain.blocksPerBatch : Infinity,
    );
    const digests = await database.read((manager) => pending.digestsUpTo(manager, id, number));
    await this.learn(leased, digests);
    const compared = await this.contents.compare(
      leased,
      new Set(digests.map(({ blockHash }) => blockHash)),
      node,
    );
    const owners = digests.map(({ digest }) => leased.owners.of(digest)).filter((owner) => owner !== null);
    await this.writer.write(tipOf(leased), async (tx) => {
      // All at once: locks are taken in the order of ids.
      const wallets = await walletKeys.open(tx, [...new Set(owners)]);
      const { opened, unreadable: lost } = unreadable.sort(id, wallets);
      const damaged = await this.move(tx, number, compared, ({ digest }) => {
        const owner = leased.owners.of(digest);
        return owner === null ? null : (opened.get(owner) ?? null);
      });
      await walletChains.markGaps(tx, id, [...lost, ...damaged]);
      await pending.deleteUpTo(tx, id, number);
      await positions.dropBlocksBelow(tx, id, number);
      await positions.setFinal(tx, id, number);
    });
    leased.owners.forget(digests);
    return number;
  }

  /** As many whole blocks as have few rows; one at least. @param most how many of them have rows */
  private async stepTo(wanted: number, most: number): Promise<number> {
    const { database, pending, limits } = this.deps;
    const counts = await database.read((manager) => pending.countsUpTo(manager, this.chain.id, wanted));
    let rows = 0;
    for (const [index, { blockNumber, count }] of counts.entries()) {
      rows += count;
      if (rows > limits.finalRows || index >= most) return index === 0 ? blockNumber : blockNumber - 1;
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
    compared: ComparedBlocks,
    walletOf: (row: RowOfBlock) => OpenedWallet | null,
  ): Promise<readonly string[]> {
    const { pending, limits } = this.deps;
    const damaged: string[] = [];
    for (let after: PendingPlace | null = null; ;) {
      const rows = await pending.pageUpTo(tx, this.chain.id, { number, after, limit: limits.finalRows });
      damaged.push(...(await this.finaliser.finalise(tx, rows, compared, walletOf)));
      after = rows.at(-1) ?? null;
      if (rows.length < limits.finalRows || after === null) return damaged;
    }
  }
}
