import { readTonAddress } from '@countersign/wallet-proofs';
import type { ChainMessage, ChainTransaction } from '@countersign/ton-sends';
import { isRecord, type JsonRecord } from '../rpc/json-rpc';
import { readCell } from './cells';
import { malformed, readTonHash } from './read-toncenter';
import { isFinalOnTon, isSuccessfulOnTon } from './transaction-state';

// The answers of toncenter's API, version 3, about transactions of sends.

/** The transactions of an answer that are final. @throws NodeError for another answer */
export function readFinalTransactions({ transactions }: JsonRecord): readonly ChainTransaction[] {
  if (!Array.isArray(transactions)) throw malformed();
  return (transactions as readonly unknown[]).flatMap((transaction) => {
    if (!isRecord(transaction)) throw malformed();
    return isFinalOnTon(transaction) ? [readTransaction(transaction)] : [];
  });
}

/** The time of the newest block of the masterchain, in Unix seconds. @throws NodeError */
export function readIndexedTime({ last }: JsonRecord): number {
  const time = isRecord(last) ? last['gen_utime'] : undefined;
  if (typeof time !== 'string' || !/^[1-9]\d{0,9}$/.test(time)) throw malformed();
  return Number(time);
}

function readTransaction(transaction: JsonRecord): ChainTransaction {
  const { hash, in_msg: message, out_msgs: messages, description } = transaction;
  const account = readRaw(transaction['account']);
  if (account === null || !Array.isArray(messages) || !isRecord(description)) throw malformed();
  return {
    account,
    hash: readTonHash(hash),
    isSuccessful: isSuccessfulOnTon(description),
    in: message == null ? null : readMessage(message),
    out: (messages as readonly unknown[]).map(readMessage),
  };
}

function readMessage(message: unknown): ChainMessage {
  if (!isRecord(message)) throw malformed();
  const { hash, source, destination, bounced, message_content: content } = message;
  return {
    hash: readTonHash(hash),
    from: readRaw(source),
    to: readRaw(destination),
    isBounced: bounced === true,
    body: readCell(isRecord(content) ? content['body'] : null),
  };
}

/** The raw form of an address; null for none. @throws NodeError for another value */
function readRaw(value: unknown): string | null {
  if (value == null) return null;
  const read = typeof value === 'string' ? readTonAddress(value) : null;
  if (!read?.ok) throw malformed();
  return read.value.raw;
}
