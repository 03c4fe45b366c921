import { Injectable } from '@nestjs/common';
import {
  EvmIndexers,
  FinalBlocks,
  throwUnavailable,
  type AccountList,
  type BlockReference,
  type Chain,
  type FinalBlock,
} from '@countersign/chains';
import { Clock } from '@countersign/runtime';
import { SpamFilter, type Address } from '@countersign/transfers';
import { invalidCursor } from '@countersign/http';
import type { OwnWallet } from '@countersign/linked-wallets';
import { listedAssets, toBalance, toEvmAsset } from '../amounts/evm-asset';
import { MAX_ASKED, NodeAmounts, NOT_ASKED } from '../amounts/node-amounts';
import { walletReadingError, type PageWanted, type WalletReader } from '../wallet-reader';
import { toChainReading, type ChainReadingResponse } from '../dto/chain.response';
import { type ChainBalancesResponse } from '../dto/balances.response';
import { type CollectiblesPage } from '../dto/collectibles.response';
import { type TransactionsPage } from '../dto/transactions.response';
import { toAsked, collectiblesOf, toCollectible, toTransactions } from './answers';
import { ReceiptReader, type TokenNames } from './check/receipts';
import { entriesOf, type IndexedEntry } from './lists/entries';
import { readWindow, type Window } from './lists/window';

/** Where a page begins: at a block, after `skip` of its items. */
interface Cursor {
  readonly block: number;
  readonly skip: number;
}

const CURSOR = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,4})$/;

function toCursor({ block, skip }: Cursor): string {
  return Buffer.from(`${block}.${skip}`).toString('base64url');
}

function readCursor(cursor: string | null): Cursor | null {
  if (cursor === null) return null;
  const [, block, skip] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const read =
    block === undefined || skip === undefined ? null : { block: Number(block), skip: Number(skip) };
  if (!read || toCursor(read) !== cursor) throw invalidCursor();
  return read;
}

const HISTORY: readonly AccountList[] = ['txlist', 'tokentx', 'tokennfttx', 'token1155tx', 'txlistinternal'];
const COLLECTIBLES: readonly AccountList[] = ['tokennfttx', 'token1155tx'];
/** Etherscan answers at most 1,000 rows of a list without payment. */
const ROWS = 200;
const COLLECTIBLE_ROWS = 1_000;
/** Each item takes three calls of a node. */
const MAX_ITEMS = 50;

/** Reads balances from nodes. An indexer lists what wallets did, and nodes check it. Nothing is stored. */
@Injectable()
export class IndexerReader implements WalletReader {
  constructor(
    private readonly indexers: EvmIndexers,
    private readonly finalBlocks: FinalBlocks,
    private readonly amounts: NodeAmounts,
    private readonly receipts: ReceiptReader,
    private readonly clock: Clock,
  ) {}

  reads({ kind, mayNameAddresses }: Chain): boolean {
    return kind === 'evm' && mayNameAddresses;
  }

  async balances(own: OwnWallet, chain: Chain): Promise<ChainBalancesResponse> {
    const final = await this.finalBlocks.of(chain);
    const assets = listedAssets(chain);
    const amounts = await this.amounts.atBlock(chain, own.address, assets, final);
    return {
      ...this.reading(chain, blockOf(final), false),
      balances: assets.map((asset, index) =>
        toBalance(toEvmAsset(chain, asset), amounts[index] ?? NOT_ASKED),
      ),
    };
  }

  async transactions(own: OwnWallet, chain: Chain, page: PageWanted): Promise<TransactionsPage> {
    const read = await this.list(own, chain, page, { lists: HISTORY, count: ROWS });
    const { after, found, entries, answer, listed } = read;
    const isShown = ({ transfers, internal }: IndexedEntry): boolean =>
      page.includesHidden || !answer.spam.isHidden([...transfers, ...internal]);
    const skipped = after?.skip ?? 0;
    const shown = entries.flatMap((entry, at) => (at >= skipped && isShown(entry) ? [{ entry, at }] : []));
    const limit = Math.min(page.limit, MAX_ITEMS);
    const items = shown.slice(0, limit);
    const asked = items.map(({ entry }) => entry);
    const receipts = await this.receipts.of(chain, answer.wallet, {
      ...{ entries: asked, names: answer.names },
      final: typeof found === 'string' ? null : found,
    });
    const last = shown.length > limit ? (items.at(-1)?.at ?? null) : null;
    return {
      chain: this.reading(chain, answer.reading.final, listed.isComplete),
      items: asked.flatMap((entry) => toTransactions(answer, entry, receipts)),
      nextCursor: last === null ? nextWindow(listed) : toCursor(cursorAfter(entries, last)),
    };
  }

  async collectibles(own: OwnWallet, chain: Chain, page: PageWanted): Promise<CollectiblesPage> {
    const read = await this.list(own, chain, page, { lists: COLLECTIBLES, count: COLLECTIBLE_ROWS });
    const { after, found, entries, answer, listed } = read;
    const all = collectiblesOf(entries, answer.spam);
    const shown = all.filter(({ isHidden }) => page.includesHidden || !isHidden);
    const end = (after?.skip ?? 0) + Math.min(page.limit, MAX_ASKED);
    const moved = shown.slice(after?.skip ?? 0, end);
    const assets = moved.map(({ asset }) => toAsked(asset));
    const amounts = await this.amounts.atBlock(chain, answer.wallet, assets, found);
    // All pages of one window begin at its newest block, so that each asset is on one page only.
    const block = after?.block ?? entries[0]?.position.number ?? 0;
    return {
      chain: this.reading(chain, answer.reading.final, listed.isComplete),
      items: moved.flatMap((asset, index) => toCollectible(answer, asset, amounts[index] ?? NOT_ASKED)),
      nextCursor: shown.length > end ? toCursor({ block, skip: end }) : nextWindow(listed),
    };
  }

  private async list(
    own: OwnWallet,
    chain: Chain,
    page: PageWanted,
    wanted: { readonly lists: readonly AccountList[]; readonly count: number },
  ) {
    const wallet = own.address as Address;
    const [indexer] = this.indexers.of(chain.id);
    if (!indexer) throw walletReadingError('wallet.chain_not_followed');
    const after = readCursor(page.cursor);
    const [found, listed] = await Promise.all([
      this.finalBlocks.of(chain),
      readWindow(indexer, { ...wanted, wallet, toBlock: after?.block ?? null }).catch(throwUnavailable),
    ]);
    const entries = entriesOf(listed.rows, wallet);
    const logs = entries.flatMap((entry) => entry.logs);
    const names: TokenNames = new Map(
      logs.flatMap(({ asset, names: claimed }) =>
        'contract' in asset && claimed ? [[asset.contract, claimed] as const] : [],
      ),
    );
    const sent = entries.filter((entry) => entry.sent?.from === wallet).flatMap(({ transfers }) => transfers);
    const given = sent.filter(({ from, amount }) => from === wallet && amount > 0n);
    const spam = new SpamFilter({
      ...{ wallet, names, listed: chain.tokens, coin: chain.currency.symbol },
      paid: given.flatMap(({ to }) => to ?? []),
    });
    return {
      after,
      found,
      listed,
      entries,
      answer: { reading: { chain, final: blockOf(found) }, wallet, spam, names },
    };
  }

  private reading(chain: Chain, final: BlockReference | null, isComplete: boolean): ChainReadingResponse {
    return toChainReading(chain, { final, isComplete, staleSince: final ? null : this.clock.now() });
  }
}

function blockOf(found: FinalBlock | string): BlockReference | null {
  return typeof found === 'string' ? null : { number: found.number, hash: found.hash };
}

function nextWindow({ nextBlock }: Window): string | null {
  return nextBlock === null ? null : toCursor({ block: nextBlock, skip: 0 });
}

/** @param last the last entry of the page; the next page skips the entries of its block up to it */
function cursorAfter(entries: readonly IndexedEntry[], last: number): Cursor {
  const block = entries[last]?.position.number ?? 0;
  const skip = entries.slice(0, last + 1).filter(({ position }) => position.number === block).length;
  return { block, skip };
}
