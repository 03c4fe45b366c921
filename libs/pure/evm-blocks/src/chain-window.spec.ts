import * as fc from 'fast-check';
import { tries } from '@countersign/text/testing';
import { hashOf } from '../testing/raw-blocks';
import { ChainWindow, type Placement } from './chain-window';
import type { BlockLink } from './checked-block';

/** Of the branch whose blocks from `fork` on are its own. */
function blockOf(number: number, { branch = 'a', fork = 0 } = {}): BlockLink {
  const name = (at: number) => hashOf(`${at >= fork ? branch : 'a'}/${at}`);
  return { number, hash: name(number), parentHash: name(number - 1) };
}

function windowOf(
  from: number,
  to: number,
  options: { size?: number; finalNumber?: number } = {},
): ChainWindow {
  const blocks = Array.from({ length: to - from + 1 }, (_, at) => blockOf(from + at));
  return ChainWindow.of(blocks, { size: 100, ...options });
}

describe('ChainWindow', () => {
  it.each<[string, BlockLink, Placement]>([
    ['follows the head', blockOf(21), { kind: 'extends' }],
    ['is the head', blockOf(20), { kind: 'known' }],
    ['is below the head', blockOf(17), { kind: 'known' }],
    ['is final', blockOf(12), { kind: 'known' }],
    ['is beyond the next', blockOf(25), { kind: 'gap', from: 21 }],
    [
      'is beyond the next, on another branch',
      blockOf(25, { branch: 'b', fork: 18 }),
      { kind: 'gap', from: 21 },
    ],
    ['is older than all', blockOf(9), { kind: 'behind' }],
    ['is older than all, on another branch', blockOf(9, { branch: 'b' }), { kind: 'behind' }],
    [
      'replaces the head',
      blockOf(20, { branch: 'b', fork: 20 }),
      { kind: 'reorganised', depth: 1, ancestor: blockOf(19) },
    ],
    [
      'replaces some',
      blockOf(16, { branch: 'b', fork: 16 }),
      { kind: 'reorganised', depth: 5, ancestor: blockOf(15) },
    ],
    [
      'replaces all that is not final',
      blockOf(13, { branch: 'b', fork: 13 }),
      { kind: 'reorganised', depth: 8, ancestor: blockOf(12) },
    ],
    [
      'follows a block of another branch',
      blockOf(21, { branch: 'b', fork: 18 }),
      { kind: 'detached', parent: { number: 20, hash: hashOf('b/20') } },
    ],
    [
      'follows a block of another branch, below the head',
      blockOf(18, { branch: 'b', fork: 14 }),
      { kind: 'detached', parent: { number: 17, hash: hashOf('b/17') } },
    ],
    ['follows another final block', blockOf(13, { branch: 'b', fork: 12 }), { kind: 'below-finality' }],
    ['is another final block', blockOf(12, { branch: 'b', fork: 12 }), { kind: 'below-finality' }],
    ['is another final block, far below', blockOf(11, { branch: 'b', fork: 5 }), { kind: 'below-finality' }],
    ['bears the hash of another height', { ...blockOf(18), number: 19 }, { kind: 'contradiction' }],
    [
      'bears a hash with another parent',
      { ...blockOf(18), parentHash: hashOf('other') },
      { kind: 'contradiction' },
    ],
    [
      'follows a block of another height',
      { ...blockOf(21), parentHash: blockOf(18).hash },
      { kind: 'contradiction' },
    ],
    ['follows one far below', { ...blockOf(40), parentHash: blockOf(18).hash }, { kind: 'contradiction' }],
    ['is its own parent', { ...blockOf(21), parentHash: blockOf(21).hash }, { kind: 'contradiction' }],
  ])('places a block that %s', (_, block, placement) => {
    expect(windowOf(10, 20, { finalNumber: 12 }).locate(block)).toEqual(placement);
  });

  it('counts its oldest block as final', () => {
    const window = windowOf(10, 14, { size: 3 });

    expect(window.blocks.map(({ number }) => number)).toEqual([12, 13, 14]);
    expect(window.locate(blockOf(13, { branch: 'b', fork: 13 }))).toMatchObject({
      kind: 'reorganised',
      depth: 2,
    });
    expect(window.locate(blockOf(13, { branch: 'b', fork: 12 }))).toEqual({ kind: 'below-finality' });
    expect(window.locate(blockOf(12, { branch: 'b', fork: 12 }))).toEqual({ kind: 'below-finality' });
  });

  it('takes any first block', () => {
    const window = ChainWindow.of([], { size: 5 });

    expect(window.head).toBeNull();
    expect(window.at(0)).toBeNull();
    expect(window.locate(blockOf(123))).toEqual({ kind: 'extends' });
    expect(window.add(blockOf(123)).head).toEqual(blockOf(123));
  });

  it('drops what a block replaces', () => {
    const other = blockOf(17, { branch: 'b', fork: 17 });

    const window = windowOf(10, 20).add(other);

    expect(window.head).toEqual(other);
    expect(window.at(17)).toEqual(other);
    expect(window.at(16)).toEqual(blockOf(16));
    expect([window.at(18), window.at(9), window.at(1e9)]).toEqual([null, null, null]);
  });

  it.each([blockOf(22), blockOf(20), blockOf(9), blockOf(21, { branch: 'b' }), blockOf(10, { branch: 'b' })])(
    'adds nothing else (%#)',
    (block) => {
      const { kind } = windowOf(10, 20).locate(block);

      expect(() => windowOf(10, 20).add(block)).toThrow(new RangeError(`A block that is ${kind}`));
    },
  );

  it('keeps nothing of a block but its link', () => {
    const window = ChainWindow.of([], { size: 2 }).add(Object.assign(blockOf(1), { transactions: [1, 2] }));

    expect(window.head).toEqual(blockOf(1));
  });

  it('never takes finality back, nor beyond the head', () => {
    const window = windowOf(10, 20).finalise(15);

    expect(window.finalNumber).toBe(15);
    expect(window.finalise(12).finalNumber).toBe(15);
    expect(window.finalise(99).finalNumber).toBe(20);
    expect(window.add(blockOf(21)).finalNumber).toBe(15);
    expect(window.locate(blockOf(15, { branch: 'b', fork: 15 }))).toEqual({ kind: 'below-finality' });
  });

  it('knows what is final before it has blocks, also the first one', () => {
    const empty = ChainWindow.of([], { size: 5 });

    expect(empty.finalise(7).finalNumber).toBe(7);
    expect(empty.finalise(0).finalNumber).toBe(0);
  });

  const noChain = 'Blocks do not follow each other';
  const tooSmall = 'A window has 2 blocks or more';
  it.each([
    [[blockOf(1), blockOf(3)], 5, noChain],
    [[blockOf(1), blockOf(2, { branch: 'b' })], 5, noChain],
    [[blockOf(1), blockOf(2), blockOf(2, { branch: 'b', fork: 2 })], 5, noChain],
    [[blockOf(1), blockOf(2), blockOf(2)], 5, noChain],
    [[blockOf(2), blockOf(1)], 5, noChain],
    [[blockOf(1), { ...blockOf(3), parentHash: blockOf(1).hash }], 5, noChain],
    [[{ ...blockOf(1), parentHash: blockOf(1).hash }], 5, noChain],
    [[], 1, tooSmall],
    [[], 2.5, tooSmall],
  ])('is not made of what is no chain (%#)', (blocks, size, message) => {
    expect(() => ChainWindow.of(blocks, { size })).toThrow(new RangeError(message));
  });
});

/** A node with a chain that its miners replace at will. It knows all blocks that it ever had by their hashes. */
class Node {
  readonly chain: BlockLink[] = [blockOf(0)];
  private readonly known = new Map(this.chain.map((block) => [block.hash, block]));
  private made = 0;

  mine(count: number): void {
    for (let one = 0; one < count; one++) {
      const parent = this.chain.at(-1);
      if (!parent) throw new Error('The chain is empty');
      const hash = hashOf(`made ${this.made++}`);
      const block = { number: parent.number + 1, hash, parentHash: parent.hash };
      this.chain.push(block);
      this.known.set(hash, block);
    }
  }

  reorganise(depth: number, growth: number): number {
    const replaced = Math.min(depth, this.chain.length - 1);
    this.chain.splice(this.chain.length - replaced, replaced);
    this.mine(replaced + growth);
    return replaced;
  }

  byHash(hash: string): BlockLink {
    const block = this.known.get(hash as BlockLink['hash']);
    if (!block) throw new Error('The node does not know the block');
    return block;
  }
}

/** As a follower does it: block by block up to the node's head, back by hash where a branch ends elsewhere. */
function follow(
  window: ChainWindow,
  node: Node,
): { window: ChainWindow; depths: number[]; stopped: boolean } {
  const depths: number[] = [];
  let next = node.chain.at(-1);
  while (next) {
    const placed = window.locate(next);
    if (placed.kind === 'below-finality') return { window, depths, stopped: true };
    if (placed.kind === 'known') break;
    if (placed.kind === 'detached') {
      next = node.byHash(placed.parent.hash);
    } else if (placed.kind === 'gap') {
      next = node.chain[placed.from];
    } else if (placed.kind === 'extends' || placed.kind === 'reorganised') {
      if (placed.kind === 'reorganised') depths.push(placed.depth);
      window = window.add(next);
      next = node.chain[next.number + 1];
    } else {
      throw new Error(placed.kind);
    }
  }
  return { window, depths, stopped: false };
}

describe('a window that follows a node', () => {
  const aStep = fc.record({
    reorganisation: fc.nat({ max: 14 }),
    growth: fc.nat({ max: 8 }),
    final: fc.nat({ max: 12 }),
  });

  it('is what the chain is after every reorganisation, or stops where finality was broken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.array(aStep, { maxLength: 30 }), (size, steps) => {
        const node = new Node();
        let window = ChainWindow.of([...node.chain], { size, finalNumber: 0 });
        for (const { reorganisation, growth, final } of steps) {
          const head = window.head?.number ?? 0;
          const floor = Math.max(window.blocks[0]?.number ?? 0, window.finalNumber ?? 0);
          const replaced = node.reorganise(reorganisation, growth);
          const followed = follow(window, node);

          expect(followed.stopped).toBe(head - replaced < floor);
          if (followed.stopped) return;
          ({ window } = followed);
          expect(followed.depths).toEqual(replaced > 0 ? [replaced] : []);
          expect(window.blocks).toEqual(
            node.chain.slice(-size).filter(({ number }) => window.at(number) !== null),
          );
          expect(window.head).toEqual(node.chain.at(-1));
          expect(window.blocks.length).toBeLessThanOrEqual(size);
          window = window.finalise((window.head?.number ?? 0) - final);
        }
      }),
      tries(500),
    );
  });

  it('does not mind a node whose head is lower for a while', () => {
    const node = new Node();
    node.mine(20);
    const { window } = follow(ChainWindow.of([blockOf(0)], { size: 10 }), node);

    for (const block of node.chain.slice(-10)) expect(window.locate(block)).toEqual({ kind: 'known' });
    expect(window.locate(blockOf(0))).toEqual({ kind: 'behind' });
  });

  it('never throws, and never takes what does not follow, whatever blocks it is shown', () => {
    const aHash = fc.nat({ max: 12 }).map((at) => hashOf(`any ${at}`));
    const aBlock = fc.record({ number: fc.nat({ max: 12 }), hash: aHash, parentHash: aHash });
    fc.assert(
      fc.property(fc.array(aBlock, { maxLength: 60 }), fc.nat({ max: 5 }), (blocks, finalNumber) => {
        let window = ChainWindow.of([], { size: 6, finalNumber });
        for (const block of blocks) {
          const { kind } = window.locate(block);
          if (kind === 'extends' || kind === 'reorganised') window = window.add(block);
          for (const [at, { number, parentHash }] of window.blocks.entries()) {
            const before = window.blocks[at - 1];
            if (before) expect([number - 1, parentHash]).toEqual([before.number, before.hash]);
          }
        }
      }),
      tries(500),
    );
  });
});
