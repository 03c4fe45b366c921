import { NodeError, type Chain, type EvmNode } from '@countersign/chains';
import { ChainWindow, type BlockLink } from '@countersign/evm-blocks';
import type { Agreement, Verdict } from '../agreement';
import type { ChainReader, Head } from '../chain-reader';
import type { ChainWriter } from '../chain-writer';

import { tipOf, windowBlocksOf, type LeasedChain } from './leased-chain';
import { FinalisedRows, type FinalisedRowsDeps } from './finalised-rows';

export type FinalityDeps = FinalisedRowsDeps;

/** The first block of the window. */
export interface FirstBlock {
  readonly number: number;
  /** The last block with enough confirmations. */
  readonly confirmed: number;
  readonly isNewest: boolean;
}

/** Of one transaction that makes rows final. */
const FINAL_PER_STEP = 100;

/** Moves rows of one chain to the final ones. */
export class Finality {
  private readonly finalised: FinalisedRows;

  constructor(
    private readonly chain: Chain,
    writer: ChainWriter,
    private readonly agreement: Agreement,
    deps: FinalityDeps,
  ) {
    this.finalised = new FinalisedRows(chain, writer, deps);
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
      from = await this.upTo(leased, Math.min(verdict.number, from + FINAL_PER_STEP), node);
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

  /** @returns the last block whose rows are final now: an earlier one where there are many rows */
  private async upTo(leased: LeasedChain, wanted: number, node: EvmNode): Promise<number> {
    const number = await this.finalised.moveUpTo(leased, wanted, node);
    const blocks = leased.window.blocks.filter((block) => block.number >= number);
    leased.window = ChainWindow.of(blocks, { size: windowBlocksOf(this.chain), finalNumber: number });
    return number;
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
