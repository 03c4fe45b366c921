import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SealError } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import type { Principal } from '@countersign/sessions';
import {
  OwnWallets,
  WalletKeys,
  walletError,
  type OpenedWallet,
  type OwnWallet,
} from '@countersign/linked-wallets';
import type { AssetKey } from '../entry';
import { KnownTokenNames, type KnownTokens } from '../names/known-tokens';
import { contractsOf, NamedSpam } from '../names/named-spam';
import { PositionsRepository } from '../store/positions.repository';
import { FollowedChains, type ChainReading, type NotFollowed } from './followed-chains';
import { isWhole } from '../omission-count';
import { HistoryReader, quantityOf, type ReadAsset, type ReadEntry } from './history-reader';
import { OmissionsReader, type Omissions } from './omissions-reader';
import { MAX_ASKED, NodeBalances, type NodeBalance } from './node-balances';
import { walletHistoryError } from '../wallet-history.errors';

/** What is known of a chain, and what is not known of a wallet there. */
export interface WalletOnChain extends ChainReading {
  readonly omissions: Omissions;
  /** Of blocks that are not final there is more than was read. */
  readonly hasMorePending: boolean;
}

export interface Balance {
  readonly key: AssetKey;
  readonly change: bigint;
  /** All seen transfers are in it. */
  readonly isExact: boolean;
  readonly finalChange: bigint;
  readonly amount: bigint | null;
  readonly unexplained: bigint | null;
  readonly isHidden: boolean;
}

export interface BalancesOfChain {
  readonly reading: WalletOnChain;
  readonly tokens: KnownTokens;
  readonly balances: readonly Balance[];
  /** For how many of the last ones no node is asked. */
  readonly notAsked: number;
}

export interface WalletBalances {
  readonly chains: readonly BalancesOfChain[];
  readonly notFollowed: readonly NotFollowed[];
}

/** Items of one chain. */
export interface ReadPage<T> {
  readonly reading: WalletOnChain;
  readonly tokens: KnownTokens;
  readonly items: readonly T[];
  readonly next: number | null;
}

export interface PageWanted {
  readonly chainId: string;
  readonly after: number | null;
  readonly limit: number;
  readonly includesHidden: boolean;
}

const COIN: AssetKey = { standard: 'native', contract: null, tokenId: null };

/** Balances, transactions and collectibles of one's wallets. */
@Injectable()
export class WalletReading {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly walletKeys: WalletKeys,
    private readonly chains: FollowedChains,
    private readonly reader: HistoryReader,
    private readonly omissions: OmissionsReader,
    private readonly positions: PositionsRepository,
    private readonly tokenNames: KnownTokenNames,
    private readonly nodeBalances: NodeBalances,
  ) {}

  /** @throws AppError wallet.not_found */
  async balances(caller: Principal, walletId: string, includesHidden: boolean): Promise<WalletBalances> {
    const own = await this.wallets.get(caller, walletId);
    const followed = this.chains.of(own);
    const read = await this.inSnapshot(own, async (tx, wallet) => {
      const chains = [];
      for (const reading of await this.chains.readings(tx, wallet, followed)) {
        const { chain } = reading;
        const { entries, hasMore } = await this.reader.pendingOf(tx, wallet, chain.id);
        const assets = await this.reader.fungibleOf(tx, wallet, chain, entries, includesHidden);
        const omissions = await this.omissions.of(tx, wallet, chain, entries);
        const tokens = await this.tokenNames.of(tx, chain, contractsOf(assets));
        const judged = new NamedSpam(chain, tokens).assets(assets, includesHidden);
        chains.push({ reading: onChain(reading, omissions, hasMore), tokens, assets: judged });
      }
      return chains;
    }).catch(noneIfUnreadable);
    const chains = await Promise.all(
      read.map(async ({ reading, tokens, assets }) => {
        const balances = await this.withAmounts(own, reading, assets);
        const isAsked = reading.chain.mayNameAddresses && reading.asOf !== null;
        const notAsked = Math.max(0, balances.length - (isAsked ? MAX_ASKED : 0));
        return { reading, tokens, balances, notAsked };
      }),
    );
    const unreadable = read.length === 0 ? followed : [];
    return {
      chains,
      notFollowed: [
        ...unreadable.map(({ id: chainId }) => ({ chainId, reason: 'unreadable' as const })),
        ...this.chains.notOf(own),
      ],
    };
  }

  /** Newest first. On the first page those that are not final come first, and are not counted. */
  async transactions(
    caller: Principal,
    walletId: string,
    { chainId, ...page }: PageWanted,
  ): Promise<ReadPage<ReadEntry>> {
    const { own, chain } = await this.enter(caller, walletId, chainId);
    return this.inSnapshot(own, async (tx, wallet) => {
      const [reading] = await this.chains.readings(tx, wallet, [chain]);
      if (!reading) throw walletError('wallet.not_found');
      const pending = page.after === null ? await this.reader.pendingOf(tx, wallet, chain.id) : null;
      const entries = pending?.entries ?? null;
      const read = await this.reader.pageOf(tx, wallet, chain.id, page, entries);
      const shown = entries?.filter(({ isHidden }) => page.includesHidden || !isHidden) ?? [];
      const all = [...shown, ...read.items];
      const tokens = await this.tokenNames.of(tx, chain, contractsOf(all));
      const items = new NamedSpam(chain, tokens).entries(all, page.includesHidden);
      const omissions = await this.omissions.of(tx, wallet, chain);
      const known = { ...reading, hasGap: reading.hasGap || read.isDamaged };
      const hasMore = pending?.hasMore ?? false;
      return { reading: onChain(known, omissions, hasMore), tokens, items, next: read.next };
    });
  }

  async collectibles(
    caller: Principal,
    walletId: string,
    { chainId, ...page }: PageWanted,
  ): Promise<ReadPage<ReadAsset>> {
    const { own, chain } = await this.enter(caller, walletId, chainId);
    return this.inSnapshot(own, async (tx, wallet) => {
      const [reading] = await this.chains.readings(tx, wallet, [chain]);
      if (!reading) throw walletError('wallet.not_found');
      const { entries, hasMore } = await this.reader.pendingOf(tx, wallet, chain.id);
      const read = await this.reader.collectiblesOf(tx, wallet, chain.id, page, entries);
      const tokens = await this.tokenNames.of(tx, chain, contractsOf(read.items));
      const items = new NamedSpam(chain, tokens).assets(read.items, page.includesHidden);
      const omissions = await this.omissions.of(tx, wallet, chain, entries);
      return { reading: onChain(reading, omissions, hasMore), tokens, items, next: read.next };
    });
  }

  private async enter(caller: Principal, walletId: string, chainId: string) {
    const own = await this.wallets.get(caller, walletId);
    return { own, chain: this.chains.get(own, chainId) };
  }

  /** @throws AppError wallet.not_found, wallet.history_unreadable */
  private async inSnapshot<T>(
    { wallet: { id } }: OwnWallet,
    work: (tx: EntityManager, wallet: OpenedWallet) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (tx) => {
      await this.positions.freeze(tx);
      const wallet = (await this.walletKeys.read(tx, [id])).get(id);
      // Unlinked meanwhile.
      if (wallet === undefined) throw walletError('wallet.not_found');
      if (!wallet) throw walletHistoryError('wallet.history_unreadable');
      return work(tx, wallet).catch(toUnreadable);
    });
  }

  private async withAmounts(
    { address }: OwnWallet,
    reading: WalletOnChain,
    assets: readonly ReadAsset[],
  ): Promise<readonly Balance[]> {
    const { chain, asOf, fromBlock } = reading;
    const tokens = assets.filter((asset) => keyOf(asset).standard !== 'native');
    const coin = assets.find((asset) => keyOf(asset).standard === 'native') ?? {
      record: null,
      pending: null,
      isHidden: false,
    };
    const all = [coin, ...tokens];
    const keys = all.map(keyOf);
    const told = asOf
      ? await this.nodeBalances.of(chain, address, keys, { hash: asOf.hash, fromBlock })
      : all.map(() => null);
    return all.map((asset, index) => toBalance(reading, asset, told[index] ?? null));
  }
}

/** Rows that cannot be opened count as a gap. */
function onChain(reading: ChainReading, omissions: Omissions, hasMorePending: boolean): WalletOnChain {
  return { ...reading, hasGap: reading.hasGap || omissions.isDamaged, omissions, hasMorePending };
}

function toUnreadable(error: unknown): never {
  throw error instanceof SealError
    ? walletHistoryError('wallet.history_unreadable', { cause: error })
    : error;
}

function noneIfUnreadable(error: unknown): readonly never[] {
  if (error instanceof AppError && error.code === 'wallet.history_unreadable') return [];
  throw error;
}

/** Whether all transfers of an asset that were seen are known. @param contract `null` for the coin */
export function isExact(
  { chain, hasGap, hasMorePending, omissions }: WalletOnChain,
  contract: string | null,
): boolean {
  const listed = new Set(chain.tokens.map(({ address }) => address));
  return !hasGap && !hasMorePending && isWhole(omissions, contract, listed);
}

function toBalance(reading: WalletOnChain, asset: ReadAsset, told: NodeBalance | null): Balance {
  const key = keyOf(asset);
  const change = quantityOf(asset);
  const isKnown = isExact(reading, key.contract);
  return {
    key,
    change,
    isExact: isKnown,
    finalChange: BigInt(asset.record?.change ?? '0'),
    amount: told?.amount ?? null,
    unexplained: told?.before == null || !isKnown ? null : told.amount - told.before - change,
    isHidden: asset.isHidden,
  };
}

function keyOf({ record, pending }: ReadAsset): AssetKey {
  return record ?? pending?.key ?? COIN;
}
