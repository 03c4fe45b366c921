import { Address, type Slice } from '@ton/core';
import { readTonAddress } from '@countersign/wallet-proofs';

/** @throws RangeError for an address that is not raw */
export function toAddress(raw: string): Address {
  const read = readTonAddress(raw);
  if (!read.ok || read.value.raw !== raw) throw new RangeError('the address is not raw');
  return new Address(read.value.workchain, read.value.hash);
}

/** Reads an address, as its raw form. @throws Error for no address */
export function loadRaw(slice: Slice): string {
  return slice.loadAddress().toRawString();
}
