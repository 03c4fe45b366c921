import type { KeyRing, RingKey } from '@countersign/crypto';

/** A ring of its own: keys of the purpose `sealing` seal wallets, those of `index` say whose they are. */
export class CustodyRing {
  constructor(public keys: KeyRing) {}

  get active(): RingKey {
    return this.keys.active('sealing');
  }
}
