import type { Cell, Slice } from '@ton/core';
import { readBoundedBoc, readTonAddress, showTonAddress } from '@countersign/wallet-proofs';

/** Anyone can send a message of 8,192 cells, and hashing them takes a third of a second. A comment of 8 KiB has 64. */
const BOUNDS = { maxBytes: 49_152, maxCells: 256 };

/** Null for what is no cell, or has more than 256. */
export function readCell(boc: unknown): Cell | null {
  return typeof boc === 'string' && boc.length <= 2 * BOUNDS.maxBytes
    ? readBoundedBoc(Buffer.from(boc, 'base64'), BOUNDS)
    : null;
}

/** Raw; null for no address. @throws Error */
export function loadAddress(slice: Slice): string | null {
  return slice.loadMaybeAddress()?.toRawString() ?? null;
}

/** Raw, as an API writes it; null for no address, and for what is none. */
export function readRaw(value: unknown): string | null {
  const read = typeof value === 'string' ? readTonAddress(value) : null;
  return read?.ok ? read.value.raw : null;
}

/** As people see it. */
export function shown(raw: string, chain: { readonly environment: 'production' | 'test' }): string {
  return showTonAddress(raw, { isTest: chain.environment === 'test' });
}

/** Null where a cell is not of the form that is read. */
export function orNothing<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
