import { accepted, refused, type Result } from '@countersign/text';
import { getAddress } from 'viem/utils';
import type { WalletAddressRefusal } from '../wallet-refusals';

/** `0x` and 40 hex digits in lower case: the form that is compared, stored and found again. */
export type EvmAddress = `0x${string}`;

/**
 * Reads an address in lower case or with its right EIP-55 checksum, and answers it in lower case. Other mixtures of
 * cases are refused: a checksum that does not fit is a slip. So are capitals alone, ICAP, and EIP-1191 checksums.
 */
export function readEvmAddress(text: string): Result<EvmAddress, WalletAddressRefusal> {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return refused('wallet.address_invalid');
  const lower = text.toLowerCase() as EvmAddress;
  return text === lower || text === showEvmAddress(lower)
    ? accepted(lower)
    : refused('wallet.address_invalid');
}

/** The form that people see: with its EIP-55 checksum. */
export function showEvmAddress(address: EvmAddress): EvmAddress {
  return getAddress(address);
}
