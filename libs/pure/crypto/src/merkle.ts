import { sha256 } from './hash';

const LEAF = Buffer.from([0x00]);
const NODE = Buffer.from([0x01]);

/** The hash of a leaf in a Merkle tree (RFC 6962, section 2.1), 32 bytes. */
export function merkleLeaf(data: Buffer): Buffer {
  return sha256(Buffer.concat([LEAF, data]));
}

/** The Merkle tree hash (RFC 6962, section 2.1) over leaves that `merkleLeaf` made, in their order; 32 bytes. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256(Buffer.alloc(0));
  let level = leaves;
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      // The last node of an odd level moves up as it is: the right half of a split has the smaller tree.
      if (left) next.push(right ? sha256(Buffer.concat([NODE, left, right])) : left);
    }
    level = next;
  }
  return level[0] ?? Buffer.alloc(0);
}
