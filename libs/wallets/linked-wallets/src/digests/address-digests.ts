import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';

/** One digest per index key of the ring. @param address as `ProvenWallet` has it */
export function addressDigests(keyRing: KeyRing, provider: string, address: string): readonly BlindIndex[] {
  const namespace = provider === 'ton' ? 'ton' : 'eip155';
  return blindIndexes(keyRing, 'wallets.address', [namespace, address]);
}
