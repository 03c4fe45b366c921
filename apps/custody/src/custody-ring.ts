import { keyCheckValue, type KeyRing, type RingKey } from '@countersign/crypto';

/** The keys that seal wallets: those of the purpose `sealing` of a ring of their own. */
export class CustodyRing {
  constructor(private ring: KeyRing) {}

  get active(): RingKey {
    return this.ring.known('sealing')[0];
  }

  find(id: string): RingKey | undefined {
    return this.ring.find('sealing', id);
  }

  replace(ring: KeyRing): void {
    this.ring = ring;
  }

  /** By key id: what tells two keys of one id apart. */
  static checkValues(ring: KeyRing): ReadonlyMap<string, string> {
    return new Map(ring.known('sealing').map((key) => [key.id, keyCheckValue(key)]));
  }
}
