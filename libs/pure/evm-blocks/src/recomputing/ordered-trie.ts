import { keccakOfHex } from './keccak';
import { rlpList, rlpNumber, rlpOf, type Digits } from './rlp';

const HASH_BYTES = 32;
const NOTHING = rlpOf('');

interface Item {
  /** Of which each digit is a step. No key is the beginning of another one. */
  readonly key: Digits;
  readonly value: Digits;
}

/**
 * The root of the trie of a list by the encoded index (Ethereum's yellow paper, appendix D). All values are known, so each node
 * is made and hashed once.
 *
 * @param values encoded
 */
export function rootOf(values: readonly Digits[]): Digits {
  const items = values.map((value, index) => ({ key: rlpNumber(index.toString(16)), value }));
  items.sort((one, other) => (one.key < other.key ? -1 : 1));
  return keccakOfHex(items.length === 0 ? NOTHING : nodeOf(items, 0));
}

function nodeOf(items: readonly Item[], depth: number): Digits {
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return NOTHING;
  if (first === last) return rlpList([rlpOf(pathOf(first.key.slice(depth), true)), rlpOf(first.value)]);
  let fork = depth;
  while (first.key[fork] === last.key[fork]) fork += 1;
  if (fork > depth) {
    const path = rlpOf(pathOf(first.key.slice(depth, fork), false));
    return rlpList([path, referenceTo(nodeOf(items, fork))]);
  }
  const children: Item[][] = Array.from({ length: 16 }, () => []);
  for (const item of items) children[Number.parseInt(item.key.charAt(depth), 16)]?.push(item);
  return rlpList([
    ...children.map((child) => (child.length === 0 ? NOTHING : referenceTo(nodeOf(child, depth + 1)))),
    NOTHING,
  ]);
}

function referenceTo(node: Digits): Digits {
  return node.length < 2 * HASH_BYTES ? node : rlpOf(keccakOfHex(node));
}

/** The hex-prefix encoding (appendix C). */
function pathOf(steps: string, isLeaf: boolean): Digits {
  const flag = isLeaf ? 2 : 0;
  return steps.length % 2 === 0 ? `${flag}0${steps}` : `${flag + 1}${steps}`;
}
