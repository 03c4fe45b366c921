import { AppError } from '@countersign/text';
import { Chains, type Chain } from '@countersign/chains';
import { OwnWallets, walletError, type OwnWallet } from '@countersign/linked-wallets';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@countersign/sessions';
import type { BalancesResponse } from './dto/balances.response';
import type { CollectiblesPage } from './dto/collectibles.response';
import type { TransactionsPage } from './dto/transactions.response';
import type { NotFollowedResponse } from './dto/chain.response';
import { IndexerReader } from './evm/indexer-reader';
import { TonReader } from './ton/ton-reader';
import { walletReadingError, type PageWanted, type WalletReader } from './wallet-reader';

interface Read {
  readonly chain: Chain;
  readonly reader: WalletReader;
}

interface Pages {
  readonly collectibles: CollectiblesPage;
  readonly transactions: TransactionsPage;
}

interface FirstPages<T> {
  readonly items: readonly (T & { readonly chainId: string })[];
  /** The chains that have more, lack something, or cannot be read now. */
  readonly incompleteChains: readonly string[];
}

const FIRST_PAGE: PageWanted = { cursor: null, limit: 100, includesHidden: false };
const NOT_READ: ReadonlySet<string> = new Set(['chain.unavailable', 'wallet.chain_not_followed']);

@Injectable()
export class WalletReaders {
  private readonly readers: readonly WalletReader[];

  constructor(
    private readonly wallets: OwnWallets,
    private readonly chains: Chains,
    indexers: IndexerReader,
    ton: TonReader,
  ) {
    this.readers = [indexers, ton];
  }

  async balances(caller: Principal, walletId: string): Promise<BalancesResponse> {
    const own = await this.wallets.get(caller, walletId);
    const chains = await Promise.all(
      this.readOf(own).map(({ chain, reader }) => reader.balances(own, chain)),
    );
    return { chains, notFollowed: [...this.notReadOf(own)] };
  }

  async page<K extends keyof Pages>(
    caller: Principal,
    walletId: string,
    list: K,
    { chainId, ...page }: PageWanted & { readonly chainId: string },
  ): Promise<Pages[K]> {
    const own = await this.wallets.get(caller, walletId);
    const { chain, reader } = this.readerOf(own, chainId);
    return reader[list](own, chain, page) as Promise<Pages[K]>;
  }

  /**
   * Reads the first page of each chain for the caller's wallets at an address. A contract's address may have several.
   * @param address of an EVM wallet, in lower case
   * @param named the ids of the only chains to read; empty for all
   */
  async firstPages<K extends keyof Pages>(
    caller: Principal,
    address: string,
    list: K,
    named: readonly string[],
  ): Promise<FirstPages<Pages[K]['items'][number]>> {
    const { items } = await this.wallets.list(caller, { limit: '200' });
    const listed = items.filter((wallet) => wallet.address === address);
    const connected = listed.length > 0 ? [] : await this.wallets.connectedIn(caller);
    const own = [...listed, ...connected.filter((wallet) => wallet.address === address)];
    if (own.length === 0) throw walletError('wallet.not_found');
    const all = own.flatMap((wallet) => this.chainsOf(wallet).map(({ id }) => ({ chainId: id, wallet })));
    const asked = named.length === 0 ? all : all.filter(({ chainId }) => named.includes(chainId));
    const pages = await Promise.all(
      asked.map(async ({ chainId, wallet }) => {
        const page = await unlessNotRead(async () => {
          const { chain, reader } = this.readerOf(wallet, chainId);
          return reader[list](wallet, chain, FIRST_PAGE) as Promise<Pages[K]>;
        });
        return { chainId, page };
      }),
    );
    const read = pages.flatMap(({ chainId, page }) => (page instanceof AppError ? [] : [{ chainId, page }]));
    const failed = pages.find(({ page }) => page instanceof AppError && page.code === 'chain.unavailable');
    if (read.length === 0 && failed?.page instanceof AppError) throw failed.page;
    const incomplete = pages.filter(({ page }) => page instanceof AppError || !isWhole(page));
    // If no chain is configured, the list may not be empty on the chain of the proof either.
    const wanted = all.length === 0 && named.length === 0 ? own.flatMap(chainOfProof) : named;
    const notConfigured = wanted.filter((id) => !asked.some(({ chainId }) => chainId === id));
    return {
      items: read.flatMap(({ chainId, page }) => page.items.map((item) => ({ ...item, chainId }))),
      incompleteChains: [...new Set([...incomplete.map(({ chainId }) => chainId), ...notConfigured])],
    };
  }

  private readOf(own: OwnWallet): readonly Read[] {
    return this.chainsOf(own).flatMap((chain) => {
      const reader = this.readerOn(chain);
      return reader ? [{ chain, reader }] : [];
    });
  }

  private readerOf(own: OwnWallet, chainId: string): Read {
    const found = this.readOf(own).find(({ chain }) => chain.id === chainId);
    if (!found) throw walletReadingError('wallet.chain_not_followed');
    return found;
  }

  /** Lists configured chains and the chain of the proof. */
  private notReadOf(own: OwnWallet): readonly NotFollowedResponse[] {
    const not = this.chainsOf(own)
      .filter((chain) => !this.readerOn(chain))
      .map(({ id }): NotFollowedResponse => ({ chainId: id, reason: 'not_followed' }));
    const [proven] = chainOfProof(own);
    if (proven === undefined || this.chains.find(proven)) return not;
    return [...not, { chainId: proven, reason: 'not_configured' }];
  }

  private readerOn(chain: Chain): WalletReader | undefined {
    return this.readers.find((reader) => reader.reads(chain));
  }

  private chainsOf({ wallet }: OwnWallet): readonly Chain[] {
    const kind = wallet.provider === 'ethereum' ? 'evm' : 'ton';
    return this.chains.list().filter((chain) => chain.kind === kind && isOn(chain, wallet));
  }
}

/** Whether a wallet can be on a chain. A contract's wallet is only on its own chain. */
export function isOn(
  { id, environment }: Pick<Chain, 'id' | 'environment'>,
  wallet: Pick<OwnWallet['wallet'], 'environment' | 'chainId'> | undefined,
): boolean {
  if (!wallet) return false;
  return wallet.chainId === null ? wallet.environment === environment : wallet.chainId === id;
}

function chainOfProof({ wallet, evidence }: OwnWallet): readonly string[] {
  const chainId = wallet.chainId ?? evidence?.provenOn ?? null;
  return chainId === null ? [] : [chainId];
}

async function unlessNotRead<T>(read: () => Promise<T>): Promise<T | AppError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError && NOT_READ.has(error.code)) return error;
    throw error;
  }
}

function isWhole({ chain, nextCursor }: Pages[keyof Pages]): boolean {
  return chain.isComplete && chain.asOfBlock !== null && chain.staleSince === null && nextCursor === null;
}
