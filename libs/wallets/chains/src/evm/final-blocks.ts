import { Injectable } from '@nestjs/common';
import { HOUR, SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { Chain } from '../chain';
import { EvmNodes } from '../evm-nodes';
import { agreedOf, askEnough, NODES_ASKED } from '../from-nodes';
import { NodeDisagreements } from './node-disagreements';
import type { Verification } from '../verification';
import { blockAt, headsOf, type BlockReference } from './block-reference';

export interface FinalBlock extends BlockReference {
  /** `agreed` where two nodes say so, `none` where only one is configured. */
  readonly verification: Verification;
  /** The number of the newest block that two nodes say they have, or the only one. */
  readonly latest: number;
}

/** For each request. */
const TIME_LIMIT_MS = 3 * SECOND;
const MIN_BLOCKS_BETWEEN = 1_024;

/** Asks nodes for a final block. For chains whose blocks are not read. */
@Injectable()
export class FinalBlocks {
  private readonly timeLimitMs: number;

  constructor(
    private readonly nodes: EvmNodes,
    private readonly disagreements: NodeDisagreements,
    { patience }: Configuration,
  ) {
    this.timeLimitMs = TIME_LIMIT_MS * patience;
  }

  /**
   * The last block that two nodes call final and have under the same hash, or the only node does.
   * @returns `away` where too few nodes answer, or one of two calls nothing final that is as young as an hour less than
   * what the other does; `differ` where they have other blocks at one number
   */
  async of(chain: Chain): Promise<FinalBlock | 'away' | 'differ'> {
    const { timeLimitMs } = this;
    const nodes = this.nodes.of(chain.id);
    const needed = Math.min(NODES_ASKED, nodes.length);
    const numberIn = (numbers: readonly number[]): number | undefined => {
      const highest = numbers.toSorted((one, other) => other - one);
      const [first = 0, last = highest[needed - 1]] = [highest[0], highest[needed - 1]];
      // Where only two say it, either of them may be wrong.
      const isFar = last !== undefined && highest.length === needed && first - last > blocksBetween(chain);
      return isFar ? undefined : last;
    };
    const reports = await askEnough(
      nodes,
      (node) => headsOf(node, timeLimitMs),
      (said) => numberIn(said.map(({ answer }) => answer.final)) !== undefined,
    );
    const number = numberIn(reports.map(({ answer }) => answer.final));
    if (number === undefined) return 'away';
    const hashIn = (hashes: readonly string[]): string | undefined => agreedOf(hashes, nodes.length);
    const said = await askEnough(
      nodes,
      async (node) => (await blockAt(node, number, timeLimitMs)).hash,
      (answers) => hashIn(answers.map(({ answer }) => answer)) !== undefined,
    );
    const hash = hashIn(said.map(({ answer }) => answer));
    const isSame = this.disagreements.compare(chain, 'final-block', said);
    if (hash === undefined) return isSame ? 'away' : 'differ';
    const heads = reports.map(({ answer }) => answer.latest).toSorted((one, other) => other - one);
    const latest = heads[needed - 1] ?? number;
    return { number, hash, latest, verification: needed === NODES_ASKED ? 'agreed' : 'none' };
  }
}

/** An hour of blocks. */
function blocksBetween({ blockTimeMs }: Chain): number {
  return Math.max(MIN_BLOCKS_BETWEEN, Math.ceil(HOUR / blockTimeMs));
}
