import type { TransactionCost } from '../checked-transaction';
import { readQuantity } from '../hex';
import { isAbsent, type Fields } from './json-fields';
import { isFreeOfCharge, isPaidByUnknown } from './transaction-types';

/** Undefined where a quantity is malformed. */
export function readCost(transaction: Fields, receipt: Fields, type: number): TransactionCost | undefined {
  const gasUsed = readQuantity(receipt['gasUsed']);
  // Nodes from before EIP-1559 tell the price with the transaction only; for mined ones it is what was paid.
  const gasPrice = readOptional(receipt['effectiveGasPrice'] ?? transaction['gasPrice']);
  const blobGasUsed = readOptional(receipt['blobGasUsed']);
  const blobGasPrice = readOptional(receipt['blobGasPrice']);
  const l1Fee = readOptional(receipt['l1Fee']);
  if (gasUsed === undefined || gasPrice === undefined || l1Fee === undefined) return undefined;
  if (blobGasUsed === undefined || blobGasPrice === undefined) return undefined;
  return {
    gasUsed,
    gasPrice,
    blobGasUsed,
    blobGasPrice,
    l1Fee,
    isInToken: !isAbsent(transaction['feeCurrency']),
    hasOtherPart: isPaidByUnknown(type) || hasOperatorFee(receipt),
  };
}

/** What the sender was charged, in wei. */
export function feeOf(cost: TransactionCost, type: number): { fee: bigint; isFeeExact: boolean } {
  if (isFreeOfCharge(type)) return { fee: 0n, isFeeExact: true };
  if (cost.isInToken) return { fee: 0n, isFeeExact: false };
  const gas = BigInt(cost.gasUsed) * BigInt(cost.gasPrice ?? 0);
  const blobs = BigInt(cost.blobGasUsed ?? 0) * BigInt(cost.blobGasPrice ?? 0);
  return {
    fee: gas + blobs + BigInt(cost.l1Fee ?? 0),
    isFeeExact: cost.gasPrice !== null && !cost.hasOtherPart,
  };
}

function readOptional(value: unknown): string | null | undefined {
  return isAbsent(value) ? null : readQuantity(value);
}

/** Of the OP stack since Isthmus. Its formula changed since, and the receipt does not say which one was used. */
function hasOperatorFee(receipt: Fields): boolean {
  return [receipt['operatorFeeScalar'], receipt['operatorFeeConstant']].some(
    (each) => !isAbsent(each) && BigInt(readQuantity(each) ?? 1) !== 0n,
  );
}
