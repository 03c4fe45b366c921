import type { BlockLink } from './checked-block';
import type { Hash } from './hex';

/** What a block is to the blocks of the window. Only `extends` and `reorganised` may be added. */
export type Placement =
  /** It follows the head, or the window is empty. */
  | { readonly kind: 'extends' }
  /** It is in the window: a node whose head is lower than ours has reorganised nothing. */
  | { readonly kind: 'known' }
  /** Blocks between the head and it are missing; `from` is the first. */
  | { readonly kind: 'gap'; readonly from: number }
  /** It is older than the whole window. */
  | { readonly kind: 'behind' }
  /** It replaces the last `depth` blocks; `ancestor` stays. */
  | { readonly kind: 'reorganised'; readonly depth: number; readonly ancestor: BlockLink }
  /** It follows a block that is not in the window, at a height that is: ask for that block by its hash. */
  | { readonly kind: 'detached'; readonly parent: { readonly number: number; readonly hash: Hash } }
  /** It, or what it follows, differs from a final block, or from the oldest of the window: stop and report. */
  | { readonly kind: 'below-finality' }
  /** It bears the hash of a block in the window, and is another, or follows a block of another height: the node is lying. */
  | { readonly kind: 'contradiction' };

export interface WindowOptions {
  /** How many blocks the window has, at least 2: more than are not final as a rule. */
  readonly size: number;
  /** No block up to this number is ever replaced. */
  readonly finalNumber?: number | null;
}

/**
 * The last blocks of a chain, each the parent of the next, as far as nodes reported them. It never changes: each step answers a
 * new one. Where a chain finalises nothing for so long that the window is full, its oldest block counts as final.
 */
export class ChainWindow {
  private constructor(
    readonly blocks: readonly BlockLink[],
    private readonly size: number,
    readonly finalNumber: number | null,
  ) {}

  /**
   * @param blocks in order; the oldest beyond the size are dropped
   * @throws RangeError where one does not follow the one before
   */
  static of(blocks: readonly BlockLink[], { size, finalNumber = null }: WindowOptions): ChainWindow {
    if (!Number.isInteger(size) || size < 2) throw new RangeError('A window has 2 blocks or more');
    const known = new Set<Hash>();
    for (const [index, { number, hash, parentHash }] of blocks.entries()) {
      const before = blocks[index - 1];
      const follows = !before || (parentHash === before.hash && number === before.number + 1);
      if (!follows || hash === parentHash || known.has(hash))
        throw new RangeError('Blocks do not follow each other');
      known.add(hash);
    }
    return new ChainWindow(blocks.slice(-size).map(linkOf), size, finalNumber);
  }

  get head(): BlockLink | null {
    return this.blocks.at(-1) ?? null;
  }

  at(number: number): BlockLink | null {
    const [oldest] = this.blocks;
    return oldest && number >= oldest.number ? (this.blocks[number - oldest.number] ?? null) : null;
  }

  locate(block: BlockLink): Placement {
    const { head } = this;
    const [oldest] = this.blocks;
    const { number, hash, parentHash } = block;
    if (hash === parentHash) return { kind: 'contradiction' };
    if (!head || !oldest) return { kind: 'extends' };
    const same = this.byHash(hash);
    if (same) return { kind: isSame(same, block) ? 'known' : 'contradiction' };
    const parent = this.byHash(parentHash);
    if (parent && parent.number !== number - 1) return { kind: 'contradiction' };
    if (parent === head) return { kind: 'extends' };
    if (number > head.number + 1) return { kind: 'gap', from: head.number + 1 };
    if (number < oldest.number) return { kind: 'behind' };

    const floor = Math.max(oldest.number, this.finalNumber ?? 0);
    if (number <= floor) return { kind: 'below-finality' };
    if (parent) return { kind: 'reorganised', depth: head.number - parent.number, ancestor: parent };
    if (number - 1 <= floor) return { kind: 'below-finality' };
    return { kind: 'detached', parent: { number: number - 1, hash: parentHash } };
  }

  /** @throws RangeError for a block that neither extends nor reorganises */
  add(block: BlockLink): ChainWindow {
    const { kind } = this.locate(block);
    if (kind !== 'extends' && kind !== 'reorganised') throw new RangeError(`A block that is ${kind}`);
    const before = this.blocks.filter(({ number }) => number < block.number);
    return new ChainWindow([...before, linkOf(block)].slice(-this.size), this.size, this.finalNumber);
  }

  /** Finality never goes back: a number below the known one changes nothing. Numbers beyond the head count as the head. */
  finalise(number: number): ChainWindow {
    const reached = Math.min(number, this.head?.number ?? number);
    if (this.finalNumber !== null && reached <= this.finalNumber) return this;
    return new ChainWindow(this.blocks, this.size, reached);
  }

  private byHash(hash: Hash): BlockLink | null {
    return this.blocks.find((block) => block.hash === hash) ?? null;
  }
}

function linkOf({ number, hash, parentHash }: BlockLink): BlockLink {
  return { number, hash, parentHash };
}

function isSame(known: BlockLink, block: BlockLink): boolean {
  return known.number === block.number && known.parentHash === block.parentHash;
}
