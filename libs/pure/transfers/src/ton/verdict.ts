import { readBoundedBoc, tonWalletLayout } from '@countersign/wallet-proofs';
import type { TonTransfer } from './transfer';

/** The seqno of a wallet v5r1 from code and data (bags of cells); null for another contract. */
export function seqnoOf(code: Buffer, data: Buffer): number | null {
  const [codeCell, dataCell] = [readBoundedBoc(code), readBoundedBoc(data)];
  const layout = codeCell && tonWalletLayout(codeCell.hash().toString('hex'));
  if (layout?.name !== 'v5r1') return null;
  if (!dataCell || dataCell.isExotic || dataCell.bits.length !== layout.dataBits) return null;
  // is_signature_allowed:1 seqno:32
  return dataCell.beginParse().skip(1).loadUint(32);
}

/** One endpoint's answer about the wallet, from one block. */
export interface TonWalletAnswer {
  /** 0 for a wallet that is not deployed; null if unknown, for example if it is frozen. */
  readonly seqno: number | null;
  /** The time of the account's shard block, in Unix seconds. */
  readonly shardTime: number;
}

export interface TonLookUp {
  /** The final transaction in which the wallet accepted the transfer; null for none. */
  readonly transaction: string | null;
  /** The time of the newest indexed masterchain block, in Unix seconds. */
  readonly indexedTime: number;
}

/**
 * - `mined`: two indexers have the same transaction of it
 * - `not-sent`: two endpoints show that no later block can take it: its time is over in the wallet's shard, and its seqno is unused
 * - `replaced`: two endpoints show that its seqno is used, and two indexers that are past its time do not have it
 * - `waiting`: all else, also where an answer contradicts
 */
export type TonVerdict = 'mined' | 'not-sent' | 'replaced' | 'waiting';

/** More than one answer is needed: one endpoint may lie. */
const WITNESSES = 2;
/** Some software answers the time of the masterchain. The block of a shard may be seconds older. */
const MARGIN_SECONDS = 30;

/** Decides about a transfer that may have left, without our clock. It always needs two endpoints and two indexers. */
export function decideTonSend(
  { seqno, validUntil }: Pick<TonTransfer, 'seqno' | 'validUntil'>,
  states: readonly TonWalletAnswer[],
  lookUps: readonly TonLookUp[],
): TonVerdict {
  const isOver = (time: number): boolean => time >= validUntil + MARGIN_SECONDS;
  const found = lookUps.flatMap(({ transaction }) => transaction ?? []);
  if (found.length > 0) {
    const isAgreed = found.length >= WITNESSES && new Set(found).size === 1;
    return isAgreed ? 'mined' : 'waiting';
  }
  if (states.length < WITNESSES || !states.every(({ shardTime }) => isOver(shardTime))) return 'waiting';
  if (states.every((state) => state.seqno === seqno)) return 'not-sent';
  const isUsed = states.every((state) => state.seqno !== null && state.seqno > seqno);
  const isIndexed = lookUps.length >= WITNESSES && lookUps.every(({ indexedTime }) => isOver(indexedTime));
  return isUsed && isIndexed ? 'replaced' : 'waiting';
}
