import { bytesOf, hexOf } from '../../fields';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { Hex } from 'viem';
import { keccak256, parseTransaction, serializeTransaction } from 'viem/utils';
import type { Fees } from '../fees/fees';
import type { SendCall } from '../intents/send-intent';

export interface TransactionFields {
  readonly chainId: number;
  readonly nonce: number;
  readonly call: SendCall;
  readonly gas: bigint;
  readonly fees: Fees;
}

const SIGNATURE_BYTES = 65;

/** EIP-1559, or on a chain without base fee legacy with an EIP-155 chain id. @throws RangeError for an invalid nonce */
export function unsignedTransaction({ chainId, nonce, call, gas, fees }: TransactionFields): Buffer {
  if (!Number.isSafeInteger(nonce) || nonce < 0) throw new RangeError('a nonce is a whole number');
  const common = { chainId, nonce, gas, ...call };
  return bytesOf(
    'gasPrice' in fees
      ? serializeTransaction({ type: 'legacy', ...common, ...fees })
      : serializeTransaction({ type: 'eip1559', ...common, ...fees }),
  );
}

/** The bytes for the nodes. @param signature 65 bytes (r, s, 27 or 28) @throws RangeError for another signature */
export function signedTransaction(unsigned: Buffer, signature: Buffer): Buffer {
  const v = signature[SIGNATURE_BYTES - 1];
  if (signature.length !== SIGNATURE_BYTES || (v !== 27 && v !== 28)) throw new RangeError('no signature');
  const [r, s] = [hexOf(signature.subarray(0, 32)), hexOf(signature.subarray(32, 64))];
  return bytesOf(
    serializeTransaction(parseTransaction(hexOf(unsigned)), { r, s, v: BigInt(v), yParity: v - 27 }),
  );
}

/** The hash of a transaction, before it is sent: `0x` and hex in lower case. */
export function transactionHash(signed: Buffer): Hex {
  return keccak256(signed);
}

/** A transaction that uses a nonce and moves nothing, to replace a waiting one. */
export function cancellingCall(from: EvmAddress): SendCall {
  return { to: from, value: 0n, data: '0x' };
}
