import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SealError } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import type { Chain } from '@countersign/chains';
import { WalletKeys, walletError, type OpenedWallet, type OwnWallet } from '@countersign/linked-wallets';
import {
  NodeAmounts,
  ReadsWallets,
  walletReadingError,
  type Amounts,
  type ChainBalancesResponse,
  type CollectiblesPage,
  type PageWanted,
  type TransactionsPage,
  type WalletReader,
} from '@countersign/wallet-reading';
import type { AssetKey } from '../entry';
import { KnownTokenNames } from '../names/known-tokens';
import { contractsOf, NamedSpam } from '../names/named-spam';
import { toChainBalances } from './answers/balances';
import { toCollectiblesPage } from './answers/collectibles';
import { readCursor } from './answers/cursor';
import { toTransactionsPage } from './answers/transactions';
import { FollowedChains, type ChainReading } from './followed-chains';
import { isWholeOf, type Balance, type OwnedAsset, type WalletOnChain } from './wallet-on-chain';
import { HistoryReader, quantityOf, type ReadAsset, type ReadOmissions } from './history-reader';

const COIN: AssetKey = { standard: 'native', contract: null, tokenId: null };

/** Balances, transactions and collectibles from blocks that are scanned. */
@Injectable()
@ReadsWallets()
export class ScanReader implements WalletReader {
  constructor(
    private readonly database: Database,
    private readonly walletKeys: WalletKeys,
    private readonly chains: FollowedChains,
    private readonly reader: HistoryReader,
    private readonly tokenNames: KnownTokenNames,
    private readonly nodeAmounts: NodeAmounts,
  ) {}

  reads({ kind, follow }: Chain): boolean {
    return kind === 'evm' && follow;
  }

  async balances(
    own: OwnWallet,
    chain: Chain,
    includesHidden: boolean,
  ): Promise<ChainBalancesResponse | 'unreadable'> {
    const read = await this.inSnapshot(own, async (tx, wallet) => {
      const reading = await this.chains.reading(tx, wallet, chain);
      const { entries, hasMore } = await this.reader.pendingOf(tx, wallet, chain.id);
      const assets = await this.reader.fungibleOf(tx, wallet, chain, entries, includesHidden);
      const omissions = await this.reader.omissionsOf(tx, wallet, chain, entries);
      const tokens = await this.tokenNames.of(tx, chain, contractsOf(assets));
      const judged = new NamedSpam(chain, tokens).assets(assets, includesHidden);
      return { reading: onChain(reading, omissions, hasMore), tokens, assets: judged };
    }).catch(nullIfUnreadable);
    if (read === null) return 'unreadable';
    const { reading, tokens, assets } = read;
    const balances = await this.withAmounts(own, reading, assets);
    const notAsked = balances.filter(({ reason }) => reason === 'not_asked').length;
    return toChainBalances({ reading, tokens, balances, notAsked });
  }

  /** On the first page those that are not final come first, and are not counted. */
  async transactions(
    own: OwnWallet,
    chain: Chain,
    { cursor, limit, includesHidden }: PageWanted,
  ): Promise<TransactionsPage> {
    const page = { after: readCursor(cursor), limit, includesHidden };
    return this.inSnapshot(own, async (tx, wallet) => {
      const reading = await this.chains.reading(tx, wallet, chain);
      const pending = page.after === null ? await this.reader.pendingOf(tx, wallet, chain.id) : null;
      const entries = pending?.entries ?? null;
      const read = await this.reader.pageOf(tx, wallet, chain.id, page, entries);
      const shown = entries?.filter(({ isHidden }) => includesHidden || !isHidden) ?? [];
      const all = [...shown, ...read.items];
      const tokens = await this.tokenNames.of(tx, chain, contractsOf(all));
      const items = new NamedSpam(chain, tokens).entries(all, includesHidden);
      const omissions = await this.reader.omissionsOf(tx, wallet, chain);
      const known = { ...reading, hasGap: reading.hasGap || read.isDamaged };
      const hasMore = pending?.hasMore ?? false;
      return toTransactionsPage({
        reading: onChain(known, omissions, hasMore),
        tokens,
        items,
        next: read.next,
      });
    });
  }

  async collectibles(
    own: OwnWallet,
    chain: Chain,
    { cursor, limit, includesHidden }: PageWanted,
  ): Promise<CollectiblesPage> {
    const page = { after: readCursor(cursor), limit, includesHidden };
    const read = await this.inSnapshot(own, async (tx, wallet) => {
      const reading = await this.chains.reading(tx, wallet, chain);
      const { entries, hasMore } = await this.reader.pendingOf(tx, wallet, chain.id);
      const { items, next } = await this.reader.collectiblesOf(tx, wallet, chain.id, page, entries);
      const tokens = await this.tokenNames.of(tx, chain, contractsOf(items));
      const judged = new NamedSpam(chain, tokens).assets(items, includesHidden);
      const omissions = await this.reader.omissionsOf(tx, wallet, chain, entries);
      return { reading: onChain(reading, omissions, hasMore), tokens, items: judged, next };
    });
    const { final } = read.reading;
    const blocks = { latest: null, final, since: null };
    const amounts = await this.nodeAmounts.amountsOf(chain, own.address, read.items.map(keyOf), blocks);
    const items = read.items
      .map((asset, index) => ownedAssetOf(read.reading, asset, amounts[index]))
      .filter(({ asset }) => includesHidden || !asset.isHidden);
    return toCollectiblesPage({ ...read, items });
  }

  /** @throws AppError wallet.not_found, wallet.history_unreadable */
  private async inSnapshot<T>(
    { wallet: { id } }: OwnWallet,
    work: (tx: EntityManager, wallet: OpenedWallet) => Promise<T>,
  ): Promise<T> {
    // Nothing becomes final between two statements.
    return this.database.snapshot(async (tx) => {
      const wallet = (await this.walletKeys.read(tx, [id])).get(id);
      // Unlinked meanwhile.
      if (wallet === undefined) throw walletError('wallet.not_found');
      if (!wallet) throw walletReadingError('wallet.history_unreadable');
      return work(tx, wallet).catch(toUnreadable);
    });
  }

  private async withAmounts(
    { address }: OwnWallet,
    reading: WalletOnChain,
    assets: readonly ReadAsset[],
  ): Promise<readonly Balance[]> {
    const { chain, asOf, final, fromBlock } = reading;
    const tokens = assets.filter((asset) => keyOf(asset).standard !== 'native');
    const coin = assets.find((asset) => keyOf(asset).standard === 'native') ?? {
      record: null,
      pending: null,
      isHidden: false,
    };
    const all = [coin, ...tokens];
    const blocks = { latest: asOf, final, since: fromBlock };
    const amounts = await this.nodeAmounts.amountsOf(chain, address, all.map(keyOf), blocks);
    return all.flatMap((asset, index) => toBalance(reading, asset, amounts[index]));
  }
}

/** Rows that cannot be opened count as a gap. */
function onChain(reading: ChainReading, omissions: ReadOmissions, hasMorePending: boolean): WalletOnChain {
  return { ...reading, hasGap: reading.hasGap || omissions.isDamaged, omissions, hasMorePending };
}

function toUnreadable(error: unknown): never {
  throw error instanceof SealError
    ? walletReadingError('wallet.history_unreadable', { cause: error })
    : error;
}

function nullIfUnreadable(error: unknown): null {
  if (error instanceof AppError && error.code === 'wallet.history_unreadable') return null;
  throw error;
}

function toBalance(reading: WalletOnChain, asset: ReadAsset, amounts: Amounts | undefined): Balance[] {
  if (!amounts) return [];
  const key = keyOf(asset);
  const change = quantityOf(asset);
  const isWhole = isWholeOf(reading, key.contract);
  const { before, ...known } = amounts;
  const unexplained =
    !isWhole || before === null || known.amount === null ? null : known.amount - before - change;
  return [
    {
      key,
      ...known,
      change,
      isExact: isWhole ? (unexplained === null ? null : unexplained === 0n) : false,
      finalChange: BigInt(asset.record?.change ?? '0'),
      unexplained,
      isHidden: asset.isHidden,
    },
  ];
}

/** How many of a collectible there are: its contract knows better than logs, which may say anything. */
function ownedAssetOf(reading: WalletOnChain, asset: ReadAsset, amounts: Amounts | undefined): OwnedAsset {
  const { finalAmount = null, reason = 'not_asked', verification = 'none' } = amounts ?? {};
  const { pending } = asset;
  const isDenied = finalAmount === 0n && pending === null;
  const now = finalAmount === null ? quantityOf(asset) : finalAmount + (pending?.change ?? 0n);
  const isWhole = isWholeOf(reading, keyOf(asset).contract);
  return {
    asset: { ...asset, isHidden: asset.isHidden || isDenied },
    quantity: now < 0n ? 0n : now,
    isExact: finalAmount !== null && !reading.hasMorePending ? true : isWhole ? null : false,
    reason: finalAmount === null ? reason : null,
    verification,
  };
}

function keyOf({ record, pending }: ReadAsset): AssetKey {
  return record ?? pending?.key ?? COIN;
}
