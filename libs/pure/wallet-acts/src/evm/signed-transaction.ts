import type { Hex } from 'viem';
import { bytesToHex, parseTransaction, serializeTransaction } from 'viem/utils';

const WORD = 32;
const FIRST_V = 27;

/**
 * A transaction with its signature, as nodes take it.
 * @param payload of the decoded act: the unsigned transaction
 * @param signature 65 bytes: r, s, v
 */
export function signedTransactionOf(payload: Buffer, signature: Buffer): Hex {
  const [r, s] = [signature.subarray(0, WORD), signature.subarray(WORD, 2 * WORD)];
  const yParity = (signature[2 * WORD] ?? FIRST_V) - FIRST_V;
  const transaction = parseTransaction(bytesToHex(payload));
  return serializeTransaction(transaction, {
    ...{ r: bytesToHex(r), s: bytesToHex(s), yParity },
    v: BigInt(FIRST_V + yParity),
  });
}
