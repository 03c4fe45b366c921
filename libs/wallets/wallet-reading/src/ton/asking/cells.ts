import type { Slice } from '@ton/core';
import { readTonAddress, showTonAddress } from '@countersign/wallet-proofs';

/** Returns the raw form; null for no address. */
export function loadAddress(slice: Slice): string | null {
  return slice.loadMaybeAddress()?.toRawString() ?? null;
}

/** Returns the raw form of an address from an API; null for any other value. */
export function readRaw(value: unknown): string | null {
  const read = typeof value === 'string' ? readTonAddress(value) : null;
  return read?.ok ? read.value.raw : null;
}

export function shown(raw: string, chain: { readonly environment: 'production' | 'test' }): string {
  return showTonAddress(raw, { isTest: chain.environment === 'test' });
}

/** Null if a cell or a row has another form. */
export function orNothing<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
