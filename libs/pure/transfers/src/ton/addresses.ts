import { Address, type Slice } from '@ton/core';
import { readTonAddress } from '@countersign/wallet-proofs';

export function toAddress(raw: string): Address {
  const read = readTonAddress(raw);
  if (!read.ok || read.value.raw !== raw) throw new RangeError('the address is not raw');
  return new Address(read.value.workchain, read.value.hash);
}

export function loadRaw(slice: Slice): string {
  return slice.loadAddress().toRawString();
}
