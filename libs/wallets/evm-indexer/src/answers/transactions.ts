import type { BlockReference, Chain } from '@countersign/chains';
import type { Address, SpamFilter, Transfer } from '@countersign/evm-transfers';
import {
  toShownAddress,
  type BlockOfEntryResponse,
  type TransactionResponse,
  type TransferResponse,
} from '@countersign/wallet-reading';
import type { SeenTransaction } from '../check/node-receipts';
import type { TokenNames } from '../check/agreement';
import type { Receipts } from '../check/receipts';
import type { IndexedEntry } from '../lists/entries';
import type { Row } from '../lists/rows';
import { seenFrom, toAsset } from './asset';

export interface AnswerOf {
  readonly reading: {
    readonly chain: Chain;
    /** The last final block. `null`: the nodes do not say. */
    readonly final: BlockReference | null;
  };
  readonly wallet: Address;
  readonly spam: SpamFilter;
  readonly names: TokenNames;
}

/** So that no item grows without bounds. */
const MAX_TRANSFERS = 50;

export function toTransactions(
  answer: AnswerOf,
  entry: IndexedEntry,
  { agreed: ofEntries, final, blockHashes }: Receipts,
): TransactionResponse[] {
  const agreed = ofEntries.get(entry) ?? null;
  const { position, sent, internal } = entry;
  const { number, hash } = position;
  const transaction = agreed?.transaction ?? sent;
  const toItem = (
    transfers: readonly Transfer[],
    part: number,
    proof: SeenTransaction | null,
  ): TransactionResponse => ({
    hash,
    status: transaction?.isSuccessful === false ? 'failed' : 'succeeded',
    block: toBlock({ ...position, blockHash: position.blockHash ?? blockHashes.get(number) ?? null }),
    verification: proof ? 'agreed' : 'single',
    isFinal: proof !== null && final.has(entry),
    from: toShownAddress(transaction?.from ?? null),
    to: toShownAddress(transaction?.to ?? null),
    ...(part === 0 ? feeOf(answer.wallet, entry, agreed) : { fee: null, isFeeExact: true }),
    part,
    isHidden: answer.spam.isHidden(transfers),
    transfers: transfers.map((transfer) => toTransfer(answer, transfer)),
  });
  const ofReceipt = chunksOf(agreed?.transfers ?? entry.transfers);
  return [
    ...ofReceipt.map((transfers, at) => toItem(transfers, at, agreed)),
    ...chunksOf(internal).map((transfers, at) => toItem(transfers, ofReceipt.length + at, null)),
  ];
}

function toBlock({ number, blockHash, at }: Pick<Row, 'number' | 'blockHash' | 'at'>): BlockOfEntryResponse {
  return { number, hash: blockHash, at: new Date(at * 1_000).toISOString() };
}

/** What one node adds to gas times price, as rollups do, is never exact. */
function feeOf(
  wallet: Address,
  { sent }: IndexedEntry,
  agreed: SeenTransaction | null,
): Pick<TransactionResponse, 'fee' | 'isFeeExact'> {
  if (sent?.from !== wallet) return { fee: null, isFeeExact: true };
  const { fee, isFeeExact } = agreed?.transaction ?? { fee: sent.fee, isFeeExact: false };
  return { fee: fee.toString(), isFeeExact };
}

function toTransfer({ reading, wallet, spam, names }: AnswerOf, transfer: Transfer): TransferResponse {
  return {
    ...toAsset(reading.chain, transfer.asset, names),
    kind: transfer.kind,
    ...seenFrom(wallet, transfer),
    amount: transfer.amount.toString(),
    comment: null,
    hiddenReasons: [...spam.reasonsOf(transfer)],
  };
}

function chunksOf(transfers: readonly Transfer[]): Transfer[][] {
  return Array.from({ length: Math.ceil(transfers.length / MAX_TRANSFERS) }, (_, part) =>
    transfers.slice(part * MAX_TRANSFERS, (part + 1) * MAX_TRANSFERS),
  );
}
