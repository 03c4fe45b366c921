import { readBoundedBoc, readTonAddress } from '@countersign/wallet-proofs';
import type { ChainMessage, ChainTransaction } from '@countersign/ton-sends';
import { isRecord, type JsonRecord } from '../rpc/json-rpc';
import { malformed, readTonHash } from './read-toncenter';

// The answers of toncenter's API, version 3, about transactions of sends.

const BOUNDS = { maxBytes: 49_152, maxCells: 256 };

/** Those that are final. @throws NodeError for an answer that is none */
export function readFinalTransactions({ transactions }: JsonRecord): readonly ChainTransaction[] {
  if (!Array.isArray(transactions)) throw malformed();
  return (transactions as readonly unknown[]).flatMap((transaction) => {
    if (!isRecord(transaction)) throw malformed();
    return isFinal(transaction) ? [readTransaction(transaction)] : [];
  });
}

/** Of the newest block of the masterchain, in Unix seconds. @throws NodeError */
export function readIndexedTime({ last }: JsonRecord): number {
  const time = isRecord(last) ? last['gen_utime'] : undefined;
  if (typeof time !== 'string' || !/^[1-9]\d{0,9}$/.test(time)) throw malformed();
  return Number(time);
}

function isFinal({ finality, emulated, mc_block_seqno: block }: JsonRecord): boolean {
  return (
    finality === 'finalized' && emulated !== true && Number.isSafeInteger(block) && (block as number) > 0
  );
}

function readTransaction(transaction: JsonRecord): ChainTransaction {
  const { hash, in_msg: message, out_msgs: messages, description } = transaction;
  const account = readRaw(transaction['account']);
  if (account === null || !Array.isArray(messages) || !isRecord(description)) throw malformed();
  const { aborted, compute_ph: compute, action } = description;
  const isDone = isRecord(compute) && compute['success'] === true;
  const isActed = action == null || (isRecord(action) && action['success'] === true);
  return {
    account,
    hash: readTonHash(hash),
    isSuccessful: aborted !== true && isDone && isActed,
    in: message == null ? null : readMessage(message),
    out: (messages as readonly unknown[]).map(readMessage),
  };
}

function readMessage(message: unknown): ChainMessage {
  if (!isRecord(message)) throw malformed();
  const { hash, source, destination, bounced, message_content: content } = message;
  const boc = isRecord(content) ? content['body'] : null;
  return {
    hash: readTonHash(hash),
    from: readRaw(source),
    to: readRaw(destination),
    isBounced: bounced === true,
    body: typeof boc === 'string' ? readBoundedBoc(Buffer.from(boc, 'base64'), BOUNDS) : null,
  };
}

/** Null for no address. @throws NodeError for what is none */
function readRaw(value: unknown): string | null {
  if (value == null) return null;
  const read = typeof value === 'string' ? readTonAddress(value) : null;
  if (!read?.ok) throw malformed();
  return read.value.raw;
}
