import { Injectable } from '@nestjs/common';
import { Chains } from '@countersign/chains';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Reading,
} from '@countersign/users';
import { WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import type { HistoryEntry } from './entry';
import { HistoryReader, type Page, type Pageful } from './reading/history-reader';
import { BackFillsRepository } from './store/back-fills.repository';
import { filledFrom, openProgress } from './store/fill-progress';
import { openCounterparties } from './store/sealing';
import {
  WalletChainsRepository,
  type FollowedWallet,
  type WalletChain,
} from './store/wallet-chains.repository';

const PAGE = 200;
const RETENTION = 'Until the wallet is unlinked or the account is erased.';

/** Balances and histories of wallets, as data of an account. They go with their wallet, and move with it. */
@Injectable()
@HasAccountData('others')
export class WalletHistoryAccountData implements AccountData {
  constructor(
    private readonly walletKeys: WalletKeys,
    private readonly walletChains: WalletChainsRepository,
    private readonly backFills: BackFillsRepository,
    private readonly reader: HistoryReader,
    private readonly allChains: Chains,
  ) {}

  /** A merge wraps the keys of wallets again, which is all. @returns no sessions: none ends */
  merge(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  /** See `WalletHistoryListener.onLeaving`. */
  erase(): Promise<void> {
    return Promise.resolve();
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'walletChains',
        meaning:
          'The chains that are read for each wallet, from which block on, from which block on earlier token transfers were searched, whether something since then is missing, whether what is stored can be opened, how many transfers are not stored, and the last addresses that the wallet sent something to, by which look-alikes are noticed.',
        retention: RETENTION,
        items: this.chains(read, person),
      },
      {
        name: 'walletTransactions',
        meaning: 'What each wallet did in the blocks that were read, newest first; amounts in base units.',
        retention: RETENTION,
        items: this.transactions(read, person),
      },
      {
        name: 'walletAssets',
        meaning: 'What final transactions changed of each asset of a wallet; amounts in base units.',
        retention: RETENTION,
        items: this.assets(read, person),
      },
    ];
  }

  private async *chains(read: Reading, person: ExportedPerson): AsyncGenerator<object> {
    for (const { wallet, row } of await this.followed(read, person)) {
      const { walletId, chainId, fromBlock, hasGap, counterparties } = row;
      const addresses = wallet ? openCounterparties(wallet, chainId, counterparties) : [];
      const fill = await read((manager) => this.backFills.find(manager, walletId, chainId));
      const progress = wallet && fill ? openProgress(wallet, fill, fromBlock) : null;
      const omissions = wallet
        ? await read((manager) => this.reader.omissionsOf(manager, wallet, { id: chainId, tokens: [] }))
        : { transfers: 0, isDamaged: false };
      const { transfers: omittedTransfers, isDamaged } = omissions;
      yield {
        ...{ walletId, chainId, fromBlock, hasGap: hasGap || isDamaged, isReadable: wallet !== null },
        ...{ filledFrom: filledFrom(progress, fromBlock), isFilled: fill?.isDone ?? false },
        ...{ omittedTransfers, counterparties: addresses },
      };
    }
  }

  private async *transactions(read: Reading, person: ExportedPerson): AsyncGenerator<object> {
    for (const { wallet, row } of await this.followed(read, person)) {
      if (!wallet) continue;
      const { walletId, chainId } = row;
      const { entries: pending } = await read((manager) =>
        this.reader.pendingOf(manager, wallet, chainId, null),
      );
      for (const { entry } of pending) yield { walletId, chainId, isFinal: false, ...toExported(entry) };
      const pages = pagesOf((page) =>
        read((manager) => this.reader.pageOf(manager, wallet, chainId, page, pending)),
      );
      for await (const { entry, isFinal } of pages)
        yield { walletId, chainId, isFinal, ...toExported(entry) };
    }
  }

  private async *assets(read: Reading, person: ExportedPerson): AsyncGenerator<object> {
    for (const { wallet, row } of await this.followed(read, person)) {
      if (!wallet) continue;
      const { walletId, chainId } = row;
      const pages = pagesOf((page) =>
        read((manager) => this.reader.assetsOf(manager, wallet, chainId, page)),
      );
      for await (const record of pages) yield { walletId, chainId, ...record };
    }
  }

  private async followed(
    read: Reading,
    { userId, dataKey, within }: ExportedPerson,
  ): Promise<readonly { readonly wallet: OpenedWallet | null; readonly row: WalletChain }[]> {
    return read(async (manager) => {
      const all = await this.walletKeys.readOf(manager, { userId, dataKey });
      const own = within ? await this.walletChains.walletOf(manager, within.identityId) : null;
      const walletIds = [...all.keys()].filter((walletId) => !within || walletId === own);
      const followed = await this.walletChains.followed(manager, walletIds);
      const rows = followed.filter((row) => row.isStored || this.canBeOn(row));
      return rows.map((row) => ({ wallet: all.get(row.walletId) ?? null, row }));
    });
  }

  private canBeOn({ chainId, environment }: FollowedWallet): boolean {
    return this.allChains.list().some((chain) => chain.id === chainId && chain.environment === environment);
  }
}

/** The items of all pages, each of which is read when it is asked for. */
async function* pagesOf<T>(read: (page: Page) => Promise<Pageful<T>>): AsyncGenerator<T> {
  let after: number | null = null;
  do {
    const { items, next }: Pageful<T> = await read({ after, limit: PAGE, includesHidden: true });
    yield* items;
    after = next;
  } while (after !== null);
}

function toExported({
  block,
  transaction,
  part,
  transfers,
  omittedInBlock = 0,
  verification = 'none',
  vanishedAt,
}: HistoryEntry): object {
  const at = new Date(block.at * 1_000).toISOString();
  return { block: { ...block, at }, transaction, part, transfers, omittedInBlock, verification, vanishedAt };
}
