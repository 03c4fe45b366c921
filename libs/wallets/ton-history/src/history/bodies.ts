import type { Cell, Slice } from '@ton/core';
import { readCell } from '@countersign/chains';
import { decodeVisibleText } from '@countersign/text';
import { loadAddress, orNothing } from '../asking/cells';

/** What a message says; of TEP-74 where it is about a jetton. Addresses are raw. */
export type Body =
  | { readonly kind: 'other' | 'excesses' | 'notification' }
  | { readonly kind: 'comment'; readonly comment: string | null }
  /** From the owner to the jetton wallet, which sends. */
  | ({ readonly kind: 'transfer'; readonly amount: bigint; readonly to: string | null } & Commented)
  /** To the jetton wallet that receives; without `from` the master mints. */
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
/** The prefix of the body of a message that bounced. */
const BOUNCED = 0xffffffff;

const OP_BITS = 32;
const QUERY_ID_BITS = 64;
const MAX_COMMENT_BYTES = 1_024;
/** A cell has 127 bytes at most, and may have few. */
const MAX_CELLS = 64;
const OTHER: Body = { kind: 'other' };

/** Decodes the cell of the message. What the API decoded of it is not used. */
export function readBody(boc: unknown, isBounced: boolean): Body {
  const cell = readCell(boc);
  return (cell && orNothing(() => bodyOf(cell, isBounced))) ?? OTHER;
}

/** @throws Error for a body that has not the form of its operation code */
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

/** Jettons of a transfer or a burning that its receiver refused: 256 bits of the message come back. */
function returnedOf(slice: Slice): Body {
  const op = slice.loadUint(OP_BITS);
  if (op !== INTERNAL_TRANSFER && op !== BURN_NOTIFICATION) return OTHER;
  return { kind: 'returned', amount: slice.skip(QUERY_ID_BITS).loadCoins() };
}

/** Of a forward payload, which stands in the slice or in a cell of its own. */
function commentOf(slice: Slice): string | null {
  if (slice.remainingBits === 0) return null;
  const payload = slice.loadBit() ? slice.loadRef().beginParse() : slice;
  if (payload.remainingBits < OP_BITS) return null;
  return payload.loadUint(OP_BITS) === COMMENT ? textOf(payload) : null;
}

/** Text that goes on in the first reference; null for what is too long or cannot be shown. */
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
