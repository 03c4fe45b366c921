import type { Chain, BlockReference } from '@countersign/chains';
import type { Address, Asset, Transfer, SpamFilter } from '@countersign/transfers';
import { toEvmAsset, toShownAddress, type AskedAsset } from '../amounts/evm-asset';
import {
  type Direction,
  type TransactionResponse,
  type TransferResponse,
} from '../dto/transactions.response';
import { type Amounts } from '../amounts/node-amounts';
import { type CollectibleResponse } from '../dto/collectibles.response';
import type { SeenTransaction } from './check/node-receipts';
import type { TokenNames, Receipts } from './check/receipts';
import type { IndexedEntry } from './lists/entries';
import type { MovedRow } from './lists/rows';

export function toAsked(asset: Asset): AskedAsset {
  const contract = asset.standard === 'native' ? null : asset.contract;
  return {
    standard: asset.standard,
    contract,
    tokenId: 'tokenId' in asset ? asset.tokenId.toString() : null,
  };
}

function seenFrom(
  wallet: Address,
  { from, to }: Pick<Transfer, 'from' | 'to'>,
): { readonly direction: Direction; readonly counterparty: string | null } {
  const direction = from !== wallet ? 'in' : to === wallet ? 'self' : 'out';
  return { direction, counterparty: toShownAddress(direction === 'in' ? from : to) };
}

interface AnswerOf {
  readonly reading: {
    readonly chain: Chain;
    /** `null`: the nodes do not say. */
    readonly final: BlockReference | null;
  };
  readonly wallet: Address;
  readonly spam: SpamFilter;
  readonly names: TokenNames;
}

/** The limit keeps the size of an item bounded. */
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
    block: {
      number,
      hash: position.blockHash ?? blockHashes.get(number) ?? null,
      at: new Date(position.at * 1_000).toISOString(),
    },
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

/** Rollups add a fee to gas times price. The amount that one node says for it is never exact. */
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
    ...toEvmAsset(reading.chain, toAsked(transfer.asset), names),
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

interface MovedCollectible {
  readonly asset: Asset;
  readonly rows: readonly MovedRow[];
  readonly isHidden: boolean;
}

/** The collectibles are in the order of their last transfers. */
export function collectiblesOf(entries: readonly IndexedEntry[], spam: AnswerOf['spam']): MovedCollectible[] {
  const byAsset = new Map<string, MovedCollectible>();
  for (const { logs, transfers } of entries)
    for (const row of logs.toReversed()) {
      if (!('tokenId' in row.asset)) continue;
      const { contract, tokenId } = row.asset;
      const isSpam = spam.isHidden(
        transfers.filter(({ asset }) => 'contract' in asset && asset.contract === contract),
      );
      const key = `${contract}/${tokenId}`;
      const known = byAsset.get(key) ?? { asset: row.asset, rows: [], isHidden: true };
      byAsset.set(key, { ...known, rows: [...known.rows, row], isHidden: known.isHidden && isSpam });
    }
  return [...byAsset.values()];
}

/** @param amounts at the final block @returns an empty list for a collectible that the wallet no longer has */
export function toCollectible(
  { reading, wallet, names }: AnswerOf,
  { asset, rows, isHidden }: MovedCollectible,
  { amount, reason, verification }: Amounts,
): CollectibleResponse[] {
  const final = reading.final?.number ?? -1;
  const after = rows.filter(({ number }) => amount === null || number > final);
  const changes = after.map((row) =>
    row.from === row.to ? 0n : row.to === wallet ? row.amount : -row.amount,
  );
  const quantity = changes.reduce((sum, change) => sum + change, amount ?? 0n);
  if (quantity <= 0n) return [];
  return [
    {
      ...toEvmAsset(reading.chain, toAsked(asset), names),
      collection: null,
      quantity: quantity.toString(),
      quantityReason: reason,
      // Only the indexer lists later transfers.
      verification: after.length === 0 ? verification : 'single',
      isFinal: after.length === 0 && verification === 'agreed',
      isHidden,
    },
  ];
}
