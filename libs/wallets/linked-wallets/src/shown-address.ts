import { showEvmAddress, showTonAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { WalletEntity } from './store/wallet.entity';

/** The address as people know it: with the checksum of EIP-55, or in the non-bounceable form of TON. */
export function shownAddress({
  provider,
  environment,
  address,
}: Pick<WalletEntity, 'provider' | 'environment'> & { readonly address: string }): string {
  return provider === 'ton'
    ? showTonAddress(address, { isTest: environment === 'test' })
    : // A door verified it: `0x` and 40 lower-case digits.
      showEvmAddress(address as EvmAddress);
}
