import type { Chain } from '@countersign/chains';
import { ChainWindow } from '@countersign/evm-blocks';
import type { HistoryRepository } from '../store/history.repository';
import type { Head } from './chain-reader';
import type { ChainWriter, WriterParts } from './chain-writer';
import { Finaliser } from './finaliser';
import { tipOf, WINDOW_BLOCKS, type Held } from './held-chain';

export interface FinalityParts extends WriterParts {
  readonly history: HistoryRepository;
}

/** Of one transaction that makes rows final. */
const FINAL_PER_STEP = 100;

/** Moves rows of one chain to the final ones. */
export class Finality {
  private readonly finaliser: Finaliser;

  constructor(
    private readonly chain: Chain,
    private readonly writer: ChainWriter,
    private readonly parts: FinalityParts,
  ) {
    this.finaliser = new Finaliser(chain, parts.history);
  }

  /** The rows up to the last final block that is read. */
  async reach(held: Held, { finalized }: Head, isStopping: () => boolean): Promise<void> {
    const tip = tipOf(held);
    const { window } = held;
    // A node that calls another block final than the one that is held is judged by its blocks, not by its word.
    const told = finalized && finalized.number <= tip.number ? window.at(finalized.number) : null;
    const isTold = finalized !== null && told?.hash === finalized.hash;
    const confirmed = tip.number - this.chain.confirmations;
    const isAhead = finalized !== null && finalized.number > tip.number;
    const target = isTold ? finalized.number : isAhead ? tip.number : finalized ? -1 : confirmed;
    const { finalNumber } = window;
    if (finalNumber === null || target <= finalNumber) return;
    for (let from = finalNumber; from < target && !isStopping();) {
      const to = Math.min(target, from + FINAL_PER_STEP);
      await this.upTo(held, to);
      from = to;
    }
  }

  private async upTo(held: Held, number: number): Promise<void> {
    const { database, pending, positions, walletKeys } = this.parts;
    const { id } = this.chain;
    const rows = await database.read((manager) => pending.upTo(manager, id, number));
    await held.owners.learn(rows, [...held.registered.keys()]);
    const owners = rows.map(({ digest }) => held.owners.of(digest));
    const walletIds = [...new Set(owners.filter((owner) => owner !== null))];
    await this.writer.write(tipOf(held), async (tx) => {
      const wallets = await walletKeys.open(tx, walletIds);
      await this.finaliser.finalise(tx, rows, ({ digest }) => {
        const owner = held.owners.of(digest);
        return owner === null ? null : (wallets.get(owner) ?? null);
      });
      await pending.deleteUpTo(tx, id, number);
      await positions.dropBlocksBelow(tx, id, number);
      await positions.setFinal(tx, id, number);
    });
    held.owners.forget(rows);
    const kept = held.window.blocks.filter((block) => block.number >= number);
    held.window = ChainWindow.of(kept, { size: WINDOW_BLOCKS, finalNumber: number });
  }
}
