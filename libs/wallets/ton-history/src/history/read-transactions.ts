import {
  isFinalOnTon,
  isRecord,
  isSuccessfulOnTon,
  malformed,
  readTonHash,
  type JsonRecord,
} from '@countersign/chains';
import { orNothing, readRaw } from '../asking/cells';
import { readBody, type Body } from './bodies';

export interface TonMessage {
  /** Raw; null outside of the chain. */
  readonly from: string | null;
  readonly to: string | null;
  /** In nanocoins; null for messages from and to the outside. */
  readonly value: bigint | null;
  /** What its sender paid for the delivery, in nanocoins, besides the fees of the transaction. */
  readonly fees: bigint;
  readonly isBounced: boolean;
  readonly body: Body;
}

export interface TonTransaction {
  /** Raw. */
  readonly account: string;
  /** Lower-case hex. */
  readonly hash: string;
  /** The order of the transactions of an account. */
  readonly lt: bigint;
  readonly at: Date;
  /** The block of the masterchain that refers to it. */
  readonly block: number;
  readonly isFinal: boolean;
  /** In nanocoins. */
  readonly fees: bigint;
  /** Whether the contract did what the message asks for. */
  readonly isSuccessful: boolean;
  /** Whether the contract did not run, since there is none yet. */
  readonly hasNoContract: boolean;
  readonly in: TonMessage | null;
  readonly out: readonly TonMessage[];
}

const DIGITS = /^\d{1,39}$/;
const MAX_LT = 2n ** 64n - 1n;

interface TonTransactionList {
  /** Without those that cannot be read. */
  readonly transactions: readonly TonTransaction[];
  /** How many it lists, also of those that cannot be read. */
  readonly count: number;
}

/** @throws NodeError for an answer that is none */
export function readTransactions({ transactions }: JsonRecord): TonTransactionList {
  if (!Array.isArray(transactions)) throw malformed();
  const read = (transactions as readonly unknown[]).flatMap(
    (transaction) => orNothing(() => readTransaction(transaction)) ?? [],
  );
  return { transactions: read, count: transactions.length };
}

/** @throws NodeError */
function readTransaction(transaction: unknown): TonTransaction {
  if (!isRecord(transaction)) throw malformed();
  const { now, mc_block_seqno: block, in_msg: message, out_msgs: messages } = transaction;
  const account = readRaw(transaction['account']);
  if (account === null || !isCount(now) || !isCount(block) || !Array.isArray(messages)) throw malformed();
  const details = recordOf(transaction['description']);
  const compute = recordOf(details['compute_ph']);
  const isSkipped = compute['skipped'] === true;
  return {
    account,
    hash: readTonHash(transaction['hash']),
    lt: readLt(transaction['lt']),
    at: new Date(now * 1_000),
    block,
    isFinal: isFinalOnTon(transaction),
    fees: readAmount(transaction['total_fees']),
    isSuccessful: isSuccessfulOnTon(details),
    hasNoContract: isSkipped && compute['reason'] === 'no_state',
    in: message == null ? null : readMessage(message),
    out: (messages as readonly unknown[]).map(readMessage),
  };
}

function readMessage(message: unknown): TonMessage {
  if (!isRecord(message)) throw malformed();
  const { source, destination, value, bounced, message_content: content } = message;
  const isBounced = bounced === true;
  const isInside = value != null && source != null && destination != null;
  return {
    from: readRaw(source),
    to: readRaw(destination),
    value: isInside ? readAmount(value) : null,
    fees: isInside ? readAmount(message['fwd_fee'] ?? '0') + readAmount(message['ihr_fee'] ?? '0') : 0n,
    isBounced,
    body: readBody(isRecord(content) ? content['body'] : null, isBounced),
  };
}

function readAmount(value: unknown): bigint {
  if (typeof value !== 'string' || !DIGITS.test(value)) throw malformed();
  return BigInt(value);
}

function readLt(value: unknown): bigint {
  const lt = readAmount(value);
  if (lt === 0n || lt > MAX_LT) throw malformed();
  return lt;
}

/** Of seconds and blocks. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}

function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}
