import type { Address } from './hex';

/** Whom a wallet really dealt with, so that addresses made to look like theirs are noticed. */
export class Counterparties {
  constructor(addresses: Iterable<Address> = []) {
    throw new Error(String(addresses));
  }

  add(address: Address): void {
    throw new Error(address);
  }

  has(address: Address): boolean {
    throw new Error(address);
  }

  /** Whether it is none of them, but shares the first four and the last four digits with one. */
  isLookAlike(address: Address): boolean {
    throw new Error(address);
  }
}
