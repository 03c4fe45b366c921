import { Address, beginCell, type Cell } from '@ton/core';
import { readBoundedBoc } from '@countersign/wallet-proofs';
import type { StackItem } from './read-toncenter';

/** Anyone can send a message of 8,192 cells, which take a third of a second to hash. A comment of 8 KiB has 64. */
const BOUNDS = { maxBytes: 49_152, maxCells: 256 };

/** Reads a bag of cells in base64; null for any other value and for more than 256 cells. */
export function readCell(boc: unknown): Cell | null {
  return typeof boc === 'string' && boc.length <= 2 * BOUNDS.maxBytes
    ? readBoundedBoc(Buffer.from(boc, 'base64'), BOUNDS)
    : null;
}

/** Encodes an address as the argument of a get method. @param raw the raw form */
export function addressArgument(raw: string): readonly [kind: string, value: string] {
  const cell = beginCell().storeAddress(Address.parseRaw(raw)).endCell();
  return ['tvm.Slice', cell.toBoc().toString('base64')];
}

/** Returns the raw form of an address that a get method answers; null for any other item. */
export function addressOfStack(item: StackItem | undefined): string | null {
  try {
    return readCell(item)?.beginParse().loadMaybeAddress()?.toRawString() ?? null;
  } catch {
    return null;
  }
}
