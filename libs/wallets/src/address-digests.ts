import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';

/** One digest per index key of the ring. @param address as `ProvenWallet` has it */
export function addressDigests(
  keyRing: KeyRing,
  namespace: 'eip155' | 'ton',
  address: string,
): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'wallets.address', [namespace, address]);
}
