import { readEvmAddress, readTonAddress, type ReadChain } from '@countersign/wallet-proofs';

/** How addresses and amounts of a chain are read. */
export interface AddressReader {
  /** In the form that is stored; null for what is no address of the chain. */
  readonly addressOf: (value: unknown) => string | null;
  readonly isZero: (address: string) => boolean;
  /** A whole number in the smallest unit, from decimal text without leading zeros; null for other values. */
  readonly amountOf: (value: unknown) => bigint | null;
}

/** Amounts of EVM are words of 256 bits, those of TON have 120. */
const MAX_UINT256 = 2n ** 256n - 1n;
const MAX_COINS_OF_TON = 2n ** 120n - 1n;
const DECIMAL = /^(?:0|[1-9][0-9]{0,77})$/;

const evmReader: AddressReader = {
  addressOf: (value) => {
    const address = typeof value === 'string' ? readEvmAddress(value) : null;
    return address?.ok ? address.value : null;
  },
  isZero: (address) => /^0x0{40}$/.test(address),
  amountOf: (value) => amountOf(value, MAX_UINT256),
};

export function addressReaderOf(chain: ReadChain): AddressReader {
  if (chain.namespace === 'eip155') return evmReader;
  const isTest = chain.network === '-3';
  return {
    addressOf: (value) => {
      const address = typeof value === 'string' ? readTonAddress(value) : null;
      // The raw form does not say its network.
      return address?.ok && (address.value.isTest ?? isTest) === isTest ? address.value.raw : null;
    },
    isZero: (address) => /:0{64}$/.test(address),
    amountOf: (value) => amountOf(value, MAX_COINS_OF_TON),
  };
}

function amountOf(value: unknown, max: bigint): bigint | null {
  const amount = typeof value === 'string' && DECIMAL.test(value) ? BigInt(value) : null;
  return amount !== null && amount <= max ? amount : null;
}
