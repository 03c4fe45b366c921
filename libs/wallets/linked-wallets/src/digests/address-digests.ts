import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';

/** One digest per index key of the ring. @param address as `ProvenWallet` has it */
export function addressDigests(
  keyRing: KeyRing,
  namespace: 'eip155' | 'ton',
  address: string,
): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'wallets.address', [namespace, address]);
}

/** The namespace of CAIP-2 that a provider's addresses are of. */
export function namespaceOf(provider: string): 'eip155' | 'ton' {
  return provider === 'ton' ? 'ton' : 'eip155';
}
