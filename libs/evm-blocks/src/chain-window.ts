import type { BlockLink } from './checked-block';
import type { Hash } from './hex';

/** What a block is to the blocks that are held. Only `extends` and `reorganised` may be added. */
export type Placement =
  /** It follows the head, or nothing is held yet. */
  | { readonly kind: 'extends' }
  /** It is held: a node whose head is lower than ours has reorganised nothing. */
  | { readonly kind: 'known' }
  /** Blocks between the head and it are missing; `from` is the first. */
  | { readonly kind: 'gap'; readonly from: number }
  /** It is older than all that is held. */
  | { readonly kind: 'behind' }
  /** It replaces the last `depth` blocks; `ancestor` stays. */
  | { readonly kind: 'reorganised'; readonly depth: number; readonly ancestor: BlockLink }
  /** It follows a block that is not held, at a height that is: ask for that block by its hash. */
  | { readonly kind: 'detached'; readonly parent: { readonly number: number; readonly hash: Hash } }
  /** It, or what it follows, differs from a final block, or from the oldest that is held: stop and report. */
  | { readonly kind: 'below-finality' }
  /** It bears the hash of a held block, and is another, or follows a block of another height: the node is lying. */
  | { readonly kind: 'contradiction' };

/** The last blocks of a chain, as one node after another told them. It never changes: each step answers a new one. */
export class ChainWindow {
  /** @param blocks in order, each the parent of the next; the oldest are dropped beyond `size`, never those above the final one */
  static of(blocks: readonly BlockLink[], options: { size: number; finalNumber?: number }): ChainWindow {
    throw new Error(`${String(blocks)}${String(options)}`);
  }

  readonly head: BlockLink | null;
  readonly blocks: readonly BlockLink[];
  readonly finalNumber: number | null;

  at(number: number): BlockLink | null {
    throw new Error(String(number));
  }

  place(block: BlockLink): Placement {
    throw new Error(String(block));
  }

  /** @throws RangeError for a block that neither extends nor reorganises */
  add(block: BlockLink): ChainWindow {
    throw new Error(String(block));
  }

  /** Never goes back: a lower number than before changes nothing. At most the head's. */
  finalise(number: number): ChainWindow {
    throw new Error(String(number));
  }
}
