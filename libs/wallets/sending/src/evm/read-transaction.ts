import { parseTransaction } from 'viem/utils';
import type { Fees, SendCall } from '@countersign/sends';
import type { EvmAddress } from '@countersign/wallet-proofs';

/** What a signed transaction of this service does. @param raw `0x` and hex */
export function readTransaction(raw: string): {
  readonly call: SendCall;
  readonly gas: bigint;
  readonly fees: Fees;
} {
  const { to, value = 0n, data = '0x', gas = 0n, ...rest } = parseTransaction(raw as `0x${string}`);
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas = 0n } = rest;
  const fees =
    maxFeePerGas === undefined ? { gasPrice: gasPrice ?? 0n } : { maxFeePerGas, maxPriorityFeePerGas };
  return { call: { to: String(to).toLowerCase() as EvmAddress, value, data }, gas, fees };
}
