import { NodeError, type Chain, type EvmNode } from '@countersign/chains';
import { ChainWindow, type BlockLink } from '@countersign/evm-blocks';
import type { HistoryRepository } from '../store/history.repository';
import type { Agreement, Verdict } from './agreement';
import type { ChainReader, Head } from './chain-reader';
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
    private readonly agreement: Agreement,
    private readonly parts: FinalityParts,
  ) {
    this.finaliser = new Finaliser(chain, parts.history);
  }

  /**
   * The rows up to the last final block that is read, where the nodes agree on it.
   * @returns what other nodes say; nothing is final that was not before unless they agree
   * @throws Disagreement, NodeError
   */
  async reach(held: Held, head: Head, node: EvmNode, isStopping: () => boolean): Promise<Verdict['kind']> {
    const tip = tipOf(held);
    const { window } = held;
    const confirmed = tip.number - this.chain.confirmations;
    const target = targetOf(held, head, confirmed);
    const { finalNumber } = window;
    if (finalNumber === null || target <= finalNumber) return 'agreed';
    // A step that is not full waits while more is read: each costs a request to another node.
    const isFar = head.latest.number - tip.number > FINAL_PER_STEP;
    if (isFar && this.agreement.isNeeded && target - finalNumber < FINAL_PER_STEP) return 'agreed';
    const hashAt = (number: number) => window.at(number)?.hash ?? null;
    const verdict = await this.agreement.on(node, { number: target, confirmed, hashAt });
    if (verdict.kind !== 'agreed') return verdict.kind;
    if (verdict.number <= finalNumber) return 'behind';
    for (let from = finalNumber; from < verdict.number && !isStopping();) {
      const to = Math.min(verdict.number, from + FINAL_PER_STEP);
      await this.upTo(held, to);
      from = to;
    }
    return 'agreed';
  }

  /**
   * The block that is held first, and counts as final: the one that is wanted, or an earlier one where another node is
   * behind.
   * @throws Disagreement, NodeError
   */
  async first(reader: ChainReader, node: EvmNode, wanted: number, confirmed: number): Promise<BlockLink> {
    let number = wanted;
    for (let isLast = false; ; isLast = true) {
      const block = await reader.linkByNumber(number);
      if (!block) throw new NodeError('away', { reason: 'no_start_block' });
      const hashAt = (at: number) => (at === block.number ? block.hash : null);
      const verdict = await this.agreement.on(node, { number, confirmed, hashAt });
      if (verdict.kind === 'agreed' && verdict.number === number) return block;
      const earlier = verdict.kind === 'alone' ? null : verdict.number;
      if (isLast || earlier === null || earlier < 0 || earlier >= number)
        throw new NodeError('away', {
          reason: verdict.kind === 'alone' ? 'no_second_node' : 'second_node_behind',
        });
      number = earlier;
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

/** The last block that the node that is read calls final, or that has enough confirmations. */
function targetOf(held: Held, { finalized }: Head, confirmed: number): number {
  if (!finalized) return confirmed;
  const tip = tipOf(held);
  if (finalized.number > tip.number) return tip.number;
  // A node that calls another block final than the one that is held is judged by its blocks, not by its word.
  return held.window.at(finalized.number)?.hash === finalized.hash ? finalized.number : -1;
}
