import { Cell } from '@ton/core';

/** Several times the size of the largest standard wallet. */
export const MAX_BOC_BYTES = 4096;
const OF_A_WALLET: BocBounds = { maxBytes: MAX_BOC_BYTES, maxCells: 64 };

interface BocBounds {
  readonly maxBytes: number;
  readonly maxCells: number;
}

const MAGIC = 0xb5ee9c72;

/**
 * Reads a bag of cells with one root, else null. Hashing a cell takes up to a tenth of a millisecond, and a cell can
 * have two bytes, so their number is bounded first. The length must match the header. Pruned cells are refused: their
 * hash is that of a missing cell.
 */
export function readBoundedBoc(bytes: Buffer, bounds: BocBounds = OF_A_WALLET): Cell | null {
  if (bytes.length > bounds.maxBytes || !isBounded(bytes, bounds)) return null;
  try {
    const [root, ...others] = Cell.fromBoc(bytes);
    return root && others.length === 0 && root.level() === 0 ? root : null;
  } catch {
    return null;
  }
}

/** @see https://github.com/ton-blockchain/ton/blob/master/crypto/tl/boc.tlb serialized_boc */
function isBounded(bytes: Buffer, { maxCells }: BocBounds): boolean {
  if (bytes.length < 6 || bytes.readUInt32BE(0) !== MAGIC) return false;
  const flags = bytes.readUInt8(4);
  const hasIndex = (flags & 0x80) !== 0;
  const hasChecksum = (flags & 0x40) !== 0;
  const reserved = flags & 0x18;
  const size = flags & 0x07;
  const offsetSize = bytes.readUInt8(5);
  if (reserved !== 0 || size < 1 || size > 4 || offsetSize < 1 || offsetSize > 4) return false;

  const counts = 6;
  const sizeAt = counts + 3 * size;
  const rootAt = sizeAt + offsetSize;
  if (bytes.length < rootAt + size) return false;
  const cells = bytes.readUIntBE(counts, size);
  const roots = bytes.readUIntBE(counts + size, size);
  const absent = bytes.readUIntBE(counts + 2 * size, size);
  if (cells < 1 || cells > maxCells || roots !== 1 || absent !== 0) return false;
  const index = hasIndex ? cells * offsetSize : 0;
  const data = bytes.readUIntBE(sizeAt, offsetSize);
  return bytes.length === rootAt + size + index + data + (hasChecksum ? 4 : 0);
}
