import { Injectable } from '@nestjs/common';
import { HOUR, SECOND } from '@countersign/runtime';
import type { Chain } from '../chain';
import { EvmNodes } from '../services';
import { agreedOf, askEnough, NODES_ASKED } from '../from-nodes';
import { blockAt, headsOf, type BlockReference, type Heads } from './block-reference';

/**
 * How well a statement about a chain is verified. `agreed`: two nodes, or an indexer and a node, say the same.
 * `single`: only one of them says it. `none`: nothing is known.
 */
export const verifications = ['agreed', 'single', 'none'] as const;
export type Verification = (typeof verifications)[number];

export interface FinalBlock extends BlockReference {
  /** `single` if only one node is configured. */
  readonly verification: Exclude<Verification, 'none'>;
}

const TIME_LIMIT_MS = 3 * SECOND;
const MIN_BLOCKS_BETWEEN = 1_024;

@Injectable()
export class FinalBlocks {
  constructor(private readonly nodes: EvmNodes) {}

  /**
   * Finds the last block that two nodes call final and have under the same hash. With one node, its own block counts.
   * @param head `latest`: the newest block that the nodes have, which may still be dropped
   * @returns `away` if too few nodes answer, or if only two answer and their blocks are more than an hour (and more
   * than 1,024 blocks) apart; `differ` if the nodes have different blocks at that number
   */
  async of(chain: Chain, head: keyof Heads = 'final'): Promise<FinalBlock | 'away' | 'differ'> {
    const nodes = this.nodes.of(chain.id);
    const needed = Math.min(NODES_ASKED, nodes.length);
    const mostBetween = Math.max(MIN_BLOCKS_BETWEEN, Math.ceil(HOUR / chain.blockTimeMs));
    const numberIn = (answers: readonly Heads[]): number | undefined => {
      const highest = answers.map((heads) => heads[head]).toSorted((one, other) => other - one);
      const [first = 0, last = highest[needed - 1]] = [highest[0], highest[needed - 1]];
      // Without another reply, nothing shows which of the two nodes is wrong.
      const isFar = last !== undefined && highest.length === needed && first - last > mostBetween;
      return isFar ? undefined : last;
    };
    const reports = await askEnough(
      nodes,
      (node) => headsOf(node, TIME_LIMIT_MS),
      (answers) => numberIn(answers) !== undefined,
    );
    const number = numberIn(reports);
    if (number === undefined) return 'away';
    const hashIn = (answers: readonly string[]) => agreedOf(answers, nodes.length);
    const hashes = await askEnough(
      nodes,
      async (node) => (await blockAt(node, number, TIME_LIMIT_MS)).hash,
      (answers) => hashIn(answers) !== undefined,
    );
    const hash = hashIn(hashes);
    if (hash === undefined) return new Set(hashes).size < 2 ? 'away' : 'differ';
    return { number, hash, verification: needed === NODES_ASKED ? 'agreed' : 'single' };
  }
}
