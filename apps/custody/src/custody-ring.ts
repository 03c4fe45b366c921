import { keyCheckValue, type KeyRing, type RingKey } from '@countersign/crypto';

/** Before the ids of keys of the purpose `index`, where check values are stored. */
export const INDEX = 'index/';

/** A ring of its own: keys of the purpose `sealing` seal wallets, those of `index` say whose they are. */
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
    return new Map([
      ...ring.known('sealing').map((key) => [key.id, keyCheckValue(key)] as const),
      ...ring.known('index').map((key) => [`${INDEX}${key.id}`, keyCheckValue(key)] as const),
    ]);
  }
}
