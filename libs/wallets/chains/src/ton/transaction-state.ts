import { isRecord, type JsonRecord } from '../rpc/json-rpc';

// What toncenter's API, version 3, says of a transaction.

/** Whether a block of the masterchain refers to it, and no fork can drop it. */
export function isFinalOnTon({ finality, emulated, mc_block_seqno: block }: JsonRecord): boolean {
  return (
    finality === 'finalized' && emulated !== true && Number.isSafeInteger(block) && (block as number) > 0
  );
}

/** Whether the contract ran, and did what the message asks for. @param description of a transaction */
export function isSuccessfulOnTon({ aborted, compute_ph: compute, action }: JsonRecord): boolean {
  const isDone = isRecord(compute) && compute['success'] === true;
  return aborted !== true && isDone && (action == null || (isRecord(action) && action['success'] === true));
}
