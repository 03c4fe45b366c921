import { beginCell, Cell, external, loadMessage, storeMessage, type StateInit } from '@ton/core';
import { toAddress } from './addresses';
import { readTonTransfer, type TonTransfer } from './transfer';

export interface TonExternalMessage {
  readonly boc: Buffer;
  /** The normalised hash (TEP-467), 64 hex digits. It stays the same when a node repacks the message. */
  readonly hash: string;
}

const SIGNATURE_BYTES = 64;

/** @param init deploys the wallet; else null @throws Error for a signature that has not 64 bytes */
export function tonExternalMessage(
  wallet: string,
  payload: Buffer,
  signature: Buffer,
  init: StateInit | null,
): TonExternalMessage {
  const body = signedBody(payload, signature);
  const message = external({ to: toAddress(wallet), init, body });
  return {
    boc: beginCell().store(storeMessage(message)).endCell().toBoc(),
    hash: normalizedHash(wallet, body),
  };
}

/** Reads a message of `tonExternalMessage`. @throws Error for another message */
export function readTonExternalMessage(boc: Buffer): {
  readonly hash: string;
  readonly transfer: TonTransfer;
} {
  const { info, body } = loadMessage(Cell.fromBoc(boc)[0]?.beginParse() ?? Cell.EMPTY.beginParse());
  const slice = body.beginParse();
  const unsigned = beginCell().storeBits(slice.loadBits(slice.remainingBits - 8 * SIGNATURE_BYTES));
  while (slice.remainingRefs > 0) unsigned.storeRef(slice.loadRef());
  const transfer = readTonTransfer(unsigned.endCell().toBoc());
  if (info.type !== 'external-in' || !transfer) throw new RangeError('not a signed transfer');
  return { hash: normalizedHash(info.dest.toRawString(), body), transfer };
}

/**
 * The hash of an external message without fields that do not decide its effect.
 * @see https://github.com/ton-blockchain/TEPs/blob/master/text/0467-normalized-message-hash.md
 */
export function normalizedHash(wallet: string, body: Cell): string {
  const message = external({ to: toAddress(wallet), body });
  const cell = beginCell()
    .store(storeMessage(message, { forceRef: true }))
    .endCell();
  return cell.hash().toString('hex');
}

function signedBody(payload: Buffer, signature: Buffer): Cell {
  const [unsigned] = Cell.fromBoc(payload);
  if (!unsigned || signature.length !== SIGNATURE_BYTES) throw new RangeError('not a signed transfer');
  return beginCell().storeSlice(unsigned.beginParse()).storeBuffer(signature).endCell();
}
