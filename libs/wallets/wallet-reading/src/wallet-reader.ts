import type { Chain } from '@countersign/chains';
import { defineErrors, refusals } from '@countersign/text';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { ChainBalancesResponse } from './dto/balances.response';
import type { CollectiblesPage } from './dto/collectibles.response';
import type { TransactionsPage } from './dto/transactions.response';

export const walletReadingError = defineErrors(
  refusals('not-found', {
    'wallet.chain_not_followed':
      'The chain is not followed for this wallet. Read which chains are: GET /v1/wallets/{walletId}/balances.',
  }),
);

export interface PageWanted {
  /** From the page before. Each reader has its own form. */
  readonly cursor: string | null;
  readonly limit: number;
  readonly includesHidden: boolean;
}

export interface WalletReader {
  /** Each chain has at most one reader. */
  reads(chain: Chain): boolean;
  balances(own: OwnWallet, chain: Chain): Promise<ChainBalancesResponse>;
  /** Newest first. */
  transactions(own: OwnWallet, chain: Chain, page: PageWanted): Promise<TransactionsPage>;
  collectibles(own: OwnWallet, chain: Chain, page: PageWanted): Promise<CollectiblesPage>;
}
