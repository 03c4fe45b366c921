import { ZERO_ADDRESS, type Address } from '../hex';

/** Whom a wallet really dealt with, so that addresses made to look like theirs are noticed. */
export class Counterparties {
  private readonly byEnds = new Map<string, Set<Address>>();

  constructor(addresses: Iterable<Address> = []) {
    for (const address of addresses) this.add(address);
  }

  add(address: Address): void {
    const alike = this.byEnds.get(endsOf(address));
    if (alike) alike.add(address);
    else this.byEnds.set(endsOf(address), new Set([address]));
  }

  has(address: Address): boolean {
    return this.byEnds.get(endsOf(address))?.has(address) ?? false;
  }

  /** Whether it is none of them, but shares the first four and the last four digits with one. */
  isLookAlike(address: Address): boolean {
    // Minting and burning: no address of a person.
    return address !== ZERO_ADDRESS && this.byEnds.has(endsOf(address)) && !this.has(address);
  }
}

/** What software shows of an address, and what is cheap to imitate. */
function endsOf(address: Address): string {
  return address.slice(2, 6) + address.slice(-4);
}
