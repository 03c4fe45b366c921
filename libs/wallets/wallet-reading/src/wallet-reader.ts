import type { Chain } from '@countersign/chains';
import { extensionPoint } from '@countersign/extensions';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { ChainBalancesResponse } from './dto/balances.response';
import type { CollectiblesPage } from './dto/collectibles.response';
import type { TransactionsPage } from './dto/transactions.response';

export interface PageWanted {
  /** As the page before gave it; each reader has its own form. */
  readonly cursor: string | null;
  readonly limit: number;
  readonly includesHidden: boolean;
}

/**
 * One way to read what wallets have and did. All answers are those of HTTP. A page of a cursor that the reader did not give: AppError request.invalid. A page that cannot
 * be asked for now: AppError chain.unavailable.
 */
export interface WalletReader {
  /** Whether it reads this chain. Each chain has one reader at most. */
  reads(chain: Chain): boolean;
  balances(own: OwnWallet, chain: Chain): Promise<ChainBalancesResponse>;
  /** Newest first. */
  transactions(own: OwnWallet, chain: Chain, page: PageWanted): Promise<TransactionsPage>;
  collectibles(own: OwnWallet, chain: Chain, page: PageWanted): Promise<CollectiblesPage>;
}

/** Registers a way to read wallets. */
export const ReadsWallets = extensionPoint<WalletReader>();
