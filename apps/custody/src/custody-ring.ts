import { keyCheckValue, type KeyRing, type RingKey } from '@countersign/crypto';

/** The keys that seal wallets: those of the purpose `sealing` of a ring of their own. */
export class CustodyRing {
  constructor(private ring: KeyRing) {}

  get active(): RingKey {
    return this.ring.active('sealing');
  }

  get keys(): KeyRing {
    return this.ring;
  }

  replace(ring: KeyRing): void {
    this.ring = ring;
  }

  /** By key id: what tells two keys of one id apart. */
  static checkValues(ring: KeyRing): ReadonlyMap<string, string> {
    return new Map(ring.known('sealing').map((key) => [key.id, keyCheckValue(key)]));
  }
}
