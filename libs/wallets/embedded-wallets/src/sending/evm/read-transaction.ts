import type { Hex } from 'viem';
import { getAddress, keccak256, parseTransaction } from 'viem/utils';
import type { TransactionFields } from '@countersign/wallet-acts';
import type { EvmAddress } from '@countersign/wallet-proofs';

/** Reads a signed transaction of this service. @param raw `0x` and hex */
export function readTransaction(raw: string): Omit<TransactionFields, 'chainId'> {
  const { to, value = 0n, data = '0x', gas = 0n, nonce = 0, ...rest } = parseTransaction(raw as Hex);
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas = 0n } = rest;
  const fees =
    maxFeePerGas === undefined ? { gasPrice: gasPrice ?? 0n } : { maxFeePerGas, maxPriorityFeePerGas };
  return { call: { to: String(to).toLowerCase() as EvmAddress, value, data }, gas, fees, nonce };
}

export interface SentTransaction {
  readonly hash: Hex;
  /** With the checksum of EIP-55, as `to`. */
  readonly from: string;
  readonly to: string;
  readonly data: Hex;
  readonly nonce: number;
  readonly chainId: number;
  /** The type of EIP-2718; 0 for a legacy transaction. */
  readonly type: number;
  readonly value: bigint;
  readonly gas: bigint;
  /** `maxFeePerGas` if there is one. */
  readonly gasPrice: bigint | null;
  readonly maxFeePerGas: bigint | null;
  readonly maxPriorityFeePerGas: bigint | null;
  readonly signature: { readonly r: Hex; readonly s: Hex; readonly v: number };
}

/** @param raw `0x` and hex @param from the stored address */
export function readSent(raw: string, from: string): SentTransaction {
  const { call, gas, fees, nonce } = readTransaction(raw);
  const { chainId = 0, r = '0x', s = '0x', yParity = 0 } = parseTransaction(raw as Hex);
  const { maxFeePerGas = null, maxPriorityFeePerGas = null } = 'gasPrice' in fees ? {} : fees;
  return {
    ...{ hash: keccak256(raw as Hex), from: getAddress(from), to: getAddress(call.to), data: call.data },
    ...{ nonce, chainId, type: maxFeePerGas === null ? 0 : 2, value: call.value, gas },
    ...{ gasPrice: 'gasPrice' in fees ? fees.gasPrice : maxFeePerGas, maxFeePerGas, maxPriorityFeePerGas },
    signature: { r, s, v: 27 + yParity },
  };
}
