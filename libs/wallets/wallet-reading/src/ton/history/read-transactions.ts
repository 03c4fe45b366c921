import type { Cell, Slice } from '@ton/core';
import {
  readCell,
  isFinalOnTon,
  isRecord,
  isSuccessfulOnTon,
  malformed,
  readTonHash,
  type JsonRecord,
} from '@countersign/chains';
import { decodeVisibleText } from '@countersign/text';
import { loadAddress, orNothing, readRaw } from '../asking/cells';

/** The body of a message; by TEP-74 if it is about a jetton. Addresses are raw. */
type Body =
  | { readonly kind: 'other' | 'excesses' | 'notification' }
  | { readonly kind: 'comment'; readonly comment: string | null }
  /** From the owner to the sending jetton wallet. */
  | ({ readonly kind: 'transfer'; readonly amount: bigint; readonly to: string | null } & Commented)
  /** To the receiving jetton wallet. Without `from`, the master mints. */
  | ({
      readonly kind: 'internal_transfer';
      readonly amount: bigint;
      readonly from: string | null;
    } & Commented)
  | { readonly kind: 'burn' | 'returned'; readonly amount: bigint };

interface Commented {
  readonly comment: string | null;
}

const COMMENT = 0;
const TRANSFER = 0x0f8a7ea5;
const INTERNAL_TRANSFER = 0x178d4519;
const NOTIFICATION = 0x7362d09c;
const BURN = 0x595f07bc;
const BURN_NOTIFICATION = 0x7bdd97de;
const EXCESSES = 0xd53276db;
/** The prefix of the body of a bounced message. */
const BOUNCED = 0xffffffff;

const OP_BITS = 32;
const QUERY_ID_BITS = 64;
const MAX_COMMENT_BYTES = 1_024;
/** A cell has at most 127 bytes, and may have only a few. */
const MAX_CELLS = 64;
const OTHER: Body = { kind: 'other' };

/** Decodes the cell of the message. The API's own decoding is not used. */
export function readBody(boc: unknown, isBounced: boolean): Body {
  const cell = readCell(boc);
  return (cell && orNothing(() => bodyOf(cell, isBounced))) ?? OTHER;
}

function bodyOf(cell: Cell, isBounced: boolean): Body {
  const slice = cell.beginParse();
  if (slice.remainingBits < OP_BITS) return OTHER;
  const op = slice.loadUint(OP_BITS);
  if (isBounced) return op === BOUNCED ? returnedOf(slice) : OTHER;
  if (op === COMMENT) return { kind: 'comment', comment: textOf(slice) };
  if (op === EXCESSES) return { kind: 'excesses' };
  if (op === NOTIFICATION) return { kind: 'notification' };
  if (op !== TRANSFER && op !== INTERNAL_TRANSFER && op !== BURN) return OTHER;
  const amount = slice.skip(QUERY_ID_BITS).loadCoins();
  if (op === BURN) return { kind: 'burn', amount };
  const other = loadAddress(slice);
  loadAddress(slice);
  if (op === TRANSFER) slice.loadMaybeRef();
  slice.loadCoins();
  const comment = commentOf(slice);
  return op === TRANSFER
    ? { kind: 'transfer', amount, to: other, comment }
    : { kind: 'internal_transfer', amount, from: other, comment };
}

/** Reads jettons of a refused transfer or burn: 256 bits of the message come back. */
function returnedOf(slice: Slice): Body {
  const op = slice.loadUint(OP_BITS);
  if (op !== INTERNAL_TRANSFER && op !== BURN_NOTIFICATION) return OTHER;
  return { kind: 'returned', amount: slice.skip(QUERY_ID_BITS).loadCoins() };
}

/** Reads a forward payload, which is in the slice or in a cell of its own. */
function commentOf(slice: Slice): string | null {
  if (slice.remainingBits === 0) return null;
  const payload = slice.loadBit() ? slice.loadRef().beginParse() : slice;
  if (payload.remainingBits < OP_BITS) return null;
  return payload.loadUint(OP_BITS) === COMMENT ? textOf(payload) : null;
}

/** Reads a text that continues in first references; null if it is too long or cannot be shown. */
function textOf(first: Slice): string | null {
  const chunks: Buffer[] = [];
  let length = 0;
  let slice = first;
  for (let cells = 1; ; cells += 1) {
    if (slice.remainingBits % 8 !== 0) return null;
    const chunk = slice.loadBuffer(slice.remainingBits / 8);
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_COMMENT_BYTES || cells > MAX_CELLS) return null;
    if (slice.remainingRefs === 0) return decodeVisibleText(Buffer.concat(chunks)) ?? null;
    slice = slice.loadRef().beginParse();
  }
}

export interface TonMessage {
  /** Raw; null outside the chain. */
  readonly from: string | null;
  readonly to: string | null;
  /** In nanocoins; null for messages from and to the outside. */
  readonly value: bigint | null;
  /** The sender's payment for the delivery, in nanocoins, besides the fees of the transaction. */
  readonly fees: bigint;
  readonly isBounced: boolean;
  readonly body: Body;
}

export interface TonTransaction {
  /** Raw. */
  readonly account: string;
  /** Lower-case hex. */
  readonly hash: string;
  /** Orders the transactions of an account. */
  readonly lt: bigint;
  readonly at: Date;
  /** The block of the masterchain that refers to it. */
  readonly block: number;
  readonly isFinal: boolean;
  /** In nanocoins. */
  readonly fees: bigint;
  readonly isSuccessful: boolean;
  /** Whether the contract did not run because it does not exist yet. */
  readonly hasNoContract: boolean;
  readonly in: TonMessage | null;
  readonly out: readonly TonMessage[];
}

const DIGITS = /^\d{1,39}$/;
const MAX_LT = 2n ** 64n - 1n;

interface TonTransactionList {
  /** Without transactions that cannot be read. */
  readonly transactions: readonly TonTransaction[];
  /** Also counts transactions that cannot be read. */
  readonly count: number;
}

export function readTransactions({ transactions }: JsonRecord): TonTransactionList {
  if (!Array.isArray(transactions)) return malformed();
  const read = (transactions as readonly unknown[]).flatMap(
    (transaction) => orNothing(() => readTransaction(transaction)) ?? [],
  );
  return { transactions: read, count: transactions.length };
}

function readTransaction(transaction: unknown): TonTransaction {
  if (!isRecord(transaction)) return malformed();
  const { now, mc_block_seqno: block, in_msg: message, out_msgs: messages } = transaction;
  const account = readRaw(transaction['account']);
  if (account === null || !isCount(now) || !isCount(block) || !Array.isArray(messages)) return malformed();
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
  if (!isRecord(message)) return malformed();
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
  if (typeof value !== 'string' || !DIGITS.test(value)) return malformed();
  return BigInt(value);
}

function readLt(value: unknown): bigint {
  const lt = readAmount(value);
  if (lt === 0n || lt > MAX_LT) return malformed();
  return lt;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}

function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}
