import { accepted, refused, type Result } from '@countersign/text';
import { getAddress } from 'viem/utils';
import type { WalletAddressRefusal } from '../wallet-refusals';

/** `0x` and 40 hex digits in lower case: the stored form. */
export type EvmAddress = `0x${string}`;

/** Accepts lower case or a correct EIP-55 checksum, and returns lower case. Capitals alone, ICAP and EIP-1191 checksums are refused. */
export function readEvmAddress(text: string): Result<EvmAddress, WalletAddressRefusal> {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return refused('wallet.address_invalid');
  const lower = text.toLowerCase() as EvmAddress;
  return text === lower || text === showEvmAddress(lower)
    ? accepted(lower)
    : refused('wallet.address_invalid');
}

/** The form for people, with an EIP-55 checksum. */
export function showEvmAddress(address: EvmAddress): EvmAddress {
  return getAddress(address);
}
