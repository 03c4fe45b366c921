import type { EvmAddress } from './evm-address';

export interface MetaproChallenge {
  readonly address: EvmAddress;
  /** Letters, digits, `-` and `_`. It makes the message unique. */
  readonly hash: string;
}

/**
 * The fixed message of Metapro's web3 login (EIP-191). It names no domain, so any site can get it signed and pass the
 * signature on: it proves less than Sign-In with Ethereum. @see https://docs.metaproprotocol.com
 * @throws RangeError for an address that is not in lower case, or a hash of other characters
 */
export function metaproMessage({ address, hash }: MetaproChallenge): string {
  if (!/^0x[0-9a-f]{40}$/.test(address)) throw new RangeError('address must be in lower case');
  if (!/^[A-Za-z0-9_-]{16,128}$/.test(hash))
    throw new RangeError('hash must be 16 to 128 URL-safe characters');
  return [
    'Please sign to let us verify',
    'that you are the owner of this address',
    address,
    '',
    `Request ID ${hash}`,
  ].join('\n');
}
