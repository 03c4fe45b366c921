import type { Slice } from '@ton/core';
import { readTonAddress, showTonAddress } from '@countersign/wallet-proofs';

/** Raw; null for no address. */
export function loadAddress(slice: Slice): string | null {
  return slice.loadMaybeAddress()?.toRawString() ?? null;
}

/** Raw, as an API writes it; null for no address, and for what is none. */
export function readRaw(value: unknown): string | null {
  const read = typeof value === 'string' ? readTonAddress(value) : null;
  return read?.ok ? read.value.raw : null;
}

export function shown(raw: string, chain: { readonly environment: 'production' | 'test' }): string {
  return showTonAddress(raw, { isTest: chain.environment === 'test' });
}

/** Null where a cell or a row is not of the form that is read. */
export function orNothing<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
