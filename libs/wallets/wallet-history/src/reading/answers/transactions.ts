import type { Chain } from '@countersign/chains';
import type {
  BlockOfEntryResponse,
  TransactionResponse,
  TransactionsPage,
  TransferResponse,
} from '@countersign/wallet-reading';
import type { AssetEvent } from '../../assets';
import type { EntryTransfer } from '../../entry';
import type { KnownTokens } from '../../names/known-tokens';
import type { ChainReading } from '../followed-chains';
import type { ReadEntry } from '../history-reader';
import type { ReadPage } from '../wallet-on-chain';
import { shown, toAsset } from './asset';
import { toChainReading } from './chain';
import { toCursor } from './cursor';

export function toTransactionsPage({ reading, tokens, items, next }: ReadPage<ReadEntry>): TransactionsPage {
  return {
    chain: toChainReading(reading),
    items: items.map((item) => toTransaction(reading, tokens, item)),
    hasMorePending: reading.hasMorePending,
    nextCursor: toCursor(next),
  };
}

function toTransaction(
  { chain, asOf }: ChainReading,
  tokens: KnownTokens,
  { entry, isFinal, isHidden }: ReadEntry,
): TransactionResponse {
  const { block, transaction, part, transfers, omittedInBlock = 0, vanishedAt } = entry;
  const isFailed = transaction !== null && !transaction.isSuccessful;
  return {
    hash: transaction?.hash ?? null,
    status: vanishedAt !== null ? 'vanished' : isFailed ? 'failed' : 'succeeded',
    block: toBlock(block),
    confirmations: vanishedAt !== null || !asOf ? 0 : Math.max(0, asOf.number - block.number + 1),
    isFinal,
    verification: entry.verification ?? 'none',
    vanishedAt,
    from: shown(transaction?.from ?? null),
    to: shown(transaction?.to ?? null),
    fee: transaction?.fee ?? null,
    isFeeExact: transaction?.isFeeExact ?? true,
    part,
    isHidden,
    transfers: transfers.map((transfer) => toTransfer(chain, tokens, transfer)),
    omittedInBlock,
  };
}

function toTransfer(chain: Chain, tokens: KnownTokens, transfer: EntryTransfer): TransferResponse {
  const { kind, direction, counterparty, amount, spam } = transfer;
  return {
    ...toAsset(chain, transfer, tokens),
    ...{
      kind,
      direction,
      counterparty: shown(counterparty),
      amount,
      comment: null,
      hiddenReasons: [...spam],
    },
  };
}

export function toBlock({ number, hash, at }: AssetEvent['block']): BlockOfEntryResponse {
  return { number, hash, at: new Date(at * 1_000).toISOString() };
}
