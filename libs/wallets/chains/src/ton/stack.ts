import { Address, beginCell } from '@ton/core';
import { readBoundedBoc } from '@countersign/wallet-proofs';
import type { StackItem } from './read-toncenter';

/** An argument of a get method. @param raw an address */
export function addressArgument(raw: string): readonly [kind: string, value: string] {
  const cell = beginCell().storeAddress(Address.parseRaw(raw)).endCell();
  return ['tvm.Slice', cell.toBoc().toString('base64')];
}

/** Raw; null for no address, and for what is none. */
export function addressOfStack(item: StackItem | undefined): string | null {
  const cell = typeof item === 'string' ? readBoundedBoc(Buffer.from(item, 'base64')) : null;
  try {
    return cell?.beginParse().loadMaybeAddress()?.toRawString() ?? null;
  } catch {
    return null;
  }
}
