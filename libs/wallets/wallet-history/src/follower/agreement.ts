import { NodeError, type Chain, type EvmNode, type EvmNodes } from '@countersign/chains';
import type { BlockLink, Hash } from '@countersign/evm-blocks';
import { ChainReader, type NodeReport } from './chain-reader';

/** More nodes agree on one other block than on that of the node that is read. */
export const OUTVOTED = 'outvoted';
/** How many nodes have to agree on a block before it is final, where the chain has that many. */
const ENOUGH = 2;

/** Nodes have different blocks at one number, and neither side is larger: which one is right cannot be known. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';

  /** @param indexes of the nodes, in the file of chains */
  constructor(readonly indexes: readonly number[]) {
    super(`nodes ${indexes.join(', ')} disagree`);
  }
}

export type Verdict =
  /** Blocks up to this number, which may be lower than the one asked for, may become final. */
  | { readonly kind: 'agreed'; readonly number: number }
  /** Other nodes answer, and call none of it final yet; the highest block that one of them calls so. */
  | { readonly kind: 'behind'; readonly number: number | null }
  /** No other node answers. */
  | { readonly kind: 'alone' };

export interface BlockInQuestion {
  /** The block that is to become final. */
  readonly number: number;
  /** The last block that is final already: a node that agrees on no later one is behind. None by default. */
  readonly above?: number;
  /** The last block with enough confirmations, for nodes that know no final block. */
  readonly confirmed: number;
  /** The pending block, or the one that the node reports. `null`: there is neither. */
  readonly hashAt: (number: number) => Hash | null;
}

type Vote =
  | { readonly kind: 'agrees'; readonly number: number }
  | { readonly kind: 'differs'; readonly reported: BlockLink }
  | { readonly kind: 'behind'; readonly number: number | null };

/** Asks other nodes of a chain than the one that is read, before anything becomes final. */
export class Agreement {
  constructor(
    private readonly chain: Chain,
    private readonly nodes: Pick<EvmNodes, 'of'>,
  ) {}

  /** Whether there is another node to ask. */
  get isNeeded(): boolean {
    return this.chain.nodeCount > 1;
  }

  /**
   * Asks one other node as a rule. Asks more of them as long as they agree on fewer blocks than `question` has, so that a
   * slow node does not decide. Asks them once more where most of them call other blocks final. Paused nodes are not asked:
   * they would delay the follower.
   *
   * @throws Disagreement
   * @throws NodeError lying, where more nodes agree on another block
   */
  async on(node: EvmNode, question: BlockInQuestion): Promise<Verdict> {
    return this.isNeeded ? this.ask(node, question) : { kind: 'agreed', number: question.number };
  }

  /** @param isSecond whether the others have been asked for a later block */
  private async ask(node: EvmNode, question: BlockInQuestion, isSecond = false): Promise<Verdict> {
    const agreeing = [node.index];
    const numbers: number[] = [];
    const differing: number[] = [];
    const differingAt: number[] = [];
    const blocks = new Map<string, number>();
    let agreed: number | null = null;
    const behind: (number | null)[] = [];
    for (const other of this.nodes.of(this.chain.id)) {
      if (other.index === node.index || other.isPaused) continue;
      const report = await this.askReport(other, question.number);
      if (!report) continue;
      const vote = voteOf(report, question);
      if (vote.kind === 'behind') behind.push(vote.number);
      else if (vote.kind === 'differs') {
        const { number, hash } = vote.reported;
        differing.push(other.index);
        differingAt.push(number);
        const block = `${String(number)}/${hash}`;
        blocks.set(block, (blocks.get(block) ?? 0) + 1);
      } else {
        agreeing.push(other.index);
        numbers.push(vote.number);
      }
      agreed = agreedOf(numbers, differing.length);
      if (agreed === question.number) break;
    }
    if (agreed !== null) return { kind: 'agreed', number: agreed };
    if (Math.max(0, ...blocks.values()) > agreeing.length) throw new NodeError('lying', { reason: OUTVOTED });
    // Where they call different blocks final, one that all of them have says whether these are of one chain.
    const common = Math.min(...differingAt);
    if (!isSecond && differing.length > agreeing.length && differingAt.some((number) => number > common))
      return this.ask(node, { ...question, number: common }, true);
    if (differing.length > 0)
      throw new Disagreement([...agreeing, ...differing].sort((one, other) => one - other));
    if (behind.length === 0) return { kind: 'alone' };
    const reached = behind.filter((number) => number !== null);
    return { kind: 'behind', number: reached.length === 0 ? null : Math.max(...reached) };
  }

  /** Whether most of the other nodes that answer call a later block final than this one. */
  async isBehind(node: EvmNode, number: number): Promise<boolean> {
    const others = this.nodes
      .of(this.chain.id)
      .filter(({ index, isPaused }) => index !== node.index && !isPaused);
    const reports = await Promise.all(others.map((other) => this.askReport(other, 0)));
    const answered = reports.filter((report) => report !== null);
    const later = answered.filter(({ finalized }) => finalized && finalized.number > number);
    return later.length * 2 > answered.length;
  }

  private async askReport(node: EvmNode, number: number): Promise<NodeReport | null> {
    try {
      return await new ChainReader(this.chain, node).reportOn(number);
    } catch (error) {
      if (error instanceof NodeError) return null;
      throw error;
    }
  }
}

/**
 * @param numbers for each other node that agrees, the last block up to which it does
 * @param differing how many nodes have another block
 * @returns the highest block on which enough nodes agree, and more than differ
 */
function agreedOf(numbers: readonly number[], differing: number): number | null {
  const others = Math.max(ENOUGH, differing + 1) - 1;
  return numbers.toSorted((one, other) => other - one)[others - 1] ?? null;
}

/** A node that has the block has those before it too: each names its parent. */
function voteOf({ at, finalized }: NodeReport, { number, above, confirmed, hashAt }: BlockInQuestion): Vote {
  const limit = Math.min(number, finalized?.number ?? confirmed);
  const reported: BlockLink | null = limit === number ? at : (finalized ?? at);
  const known = reported && hashAt(reported.number);
  if (!reported || known === null) return { kind: 'behind', number: finalized?.number ?? null };
  if (reported.hash === known)
    return above !== undefined && limit <= above
      ? { kind: 'behind', number: finalized?.number ?? null }
      : { kind: 'agrees', number: limit };
  // Above its last final block a node may have another one for a while.
  if (reported.number > limit) return { kind: 'behind', number: null };
  return { kind: 'differs', reported };
}
