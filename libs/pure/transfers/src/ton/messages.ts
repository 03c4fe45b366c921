import { beginCell, Cell, type Builder, type Slice } from '@ton/core';
import { loadRaw, toAddress } from './addresses';

/** A message that a wallet sends inside of the chain. Addresses are raw. */
export interface TonMessage {
  readonly to: string;
  /** In nanocoins. */
  readonly value: bigint;
  /** Whether the coins return if the receiver has no contract, or its contract fails. */
  readonly bounce: boolean;
  readonly body: Cell;
}

export interface CoinSend {
  readonly kind: 'coin';
  readonly to: string;
  readonly amount: bigint;
  readonly bounce: boolean;
  readonly comment: string | null;
}

/** Coins for the asset contract's fees. The rest goes to `responseTo`. */
interface Attached {
  /** In nanocoins. */
  readonly attached: bigint;
  /** The new owner's share of these coins. If it is more than 0, the owner is notified. */
  readonly forward: bigint;
  readonly responseTo: string;
  readonly queryId: bigint;
}

/** Jettons (TEP-74). The owner's jetton wallet sends, so the master is not named. */
export interface JettonSend extends Attached {
  readonly kind: 'jetton';
  readonly jettonWallet: string;
  /** The owner, not the receiving jetton wallet. */
  readonly to: string;
  readonly amount: bigint;
  readonly comment: string | null;
}

/** A collectible (TEP-62): its item is its own contract. */
export interface CollectibleSend extends Attached {
  readonly kind: 'collectible';
  readonly item: string;
  readonly to: string;
}

export type TonSend = CoinSend | JettonSend | CollectibleSend;

export const OPS = {
  comment: 0,
  jettonTransfer: 0x0f8a7ea5,
  internalTransfer: 0x178d4519,
  itemTransfer: 0x5fcc3d14,
} as const;

export const OP_BITS = 32;
export const QUERY_ID_BITS = 64;
/** Histories do not show longer comments. */
const MAX_COMMENT_BYTES = 1_024;

/** @throws Error for an amount out of range, an address that is not raw, or a comment of 0 or more than 1,024 bytes */
export function messageOf(send: TonSend): TonMessage {
  if (send.kind === 'coin') {
    const { to, amount: value, bounce, comment } = send;
    return { to, value, bounce, body: comment === null ? Cell.EMPTY : commentCell(comment) };
  }
  const { attached: value } = send;
  return send.kind === 'jetton'
    ? { to: send.jettonWallet, value, bounce: true, body: jettonBody(send) }
    : { to: send.item, value, bounce: true, body: itemBody(send) };
}

/** Null for a message that `messageOf` does not make. */
export function sendOf(message: TonMessage): TonSend | null {
  try {
    const send = readSend(message);
    if (!send) return null;
    const { to, value, bounce, body } = messageOf(send);
    const isSame = to === message.to && value === message.value && bounce === message.bounce;
    return isSame && body.equals(message.body) ? send : null;
  } catch {
    return null;
  }
}

function readSend({ to, value, bounce, body }: TonMessage): TonSend | null {
  const slice = body.beginParse();
  const coins = { kind: 'coin', to, amount: value, bounce } as const;
  if (slice.remainingBits === 0) return { ...coins, comment: null };
  const op = slice.loadUint(OP_BITS);
  if (op === OPS.comment) return { ...coins, comment: slice.loadStringTail() };
  const queryId = slice.loadUintBig(QUERY_ID_BITS);
  if (op === OPS.jettonTransfer) {
    const amount = slice.loadCoins();
    const rest = readAttached(slice);
    const comment = slice.loadBit() ? readComment(slice.loadRef().beginParse()) : null;
    return { kind: 'jetton', jettonWallet: to, amount, attached: value, queryId, ...rest, comment };
  }
  if (op !== OPS.itemTransfer) return null;
  return { kind: 'collectible', item: to, attached: value, queryId, ...readAttached(slice) };
}

function readAttached(slice: Slice): { to: string; responseTo: string; forward: bigint } {
  const [to, responseTo] = [loadRaw(slice), loadRaw(slice)];
  // No custom payload.
  slice.skip(1);
  return { to, responseTo, forward: slice.loadCoins() };
}

function readComment(slice: Slice): string {
  slice.skip(OP_BITS);
  return slice.loadStringTail();
}

function jettonBody({ amount, comment, ...send }: JettonSend): Cell {
  const head = operation(OPS.jettonTransfer, send).storeCoins(amount);
  const body = storeAttached(head, send);
  return comment === null
    ? body.storeBit(false).endCell()
    : body.storeBit(true).storeRef(commentCell(comment)).endCell();
}

function itemBody(send: CollectibleSend): Cell {
  return storeAttached(operation(OPS.itemTransfer, send), send).storeBit(false).endCell();
}

function operation(op: number, { queryId }: Attached): Builder {
  return beginCell().storeUint(op, OP_BITS).storeUint(queryId, QUERY_ID_BITS);
}

function storeAttached(body: Builder, { to, responseTo, forward }: Attached & { to: string }): Builder {
  return body
    .storeAddress(toAddress(to))
    .storeAddress(toAddress(responseTo))
    .storeBit(false)
    .storeCoins(forward);
}

function commentCell(comment: string): Cell {
  const bytes = Buffer.byteLength(comment);
  if (bytes === 0 || bytes > MAX_COMMENT_BYTES || !comment.isWellFormed())
    throw new RangeError('not a comment');
  return beginCell().storeUint(OPS.comment, OP_BITS).storeStringTail(comment).endCell();
}
