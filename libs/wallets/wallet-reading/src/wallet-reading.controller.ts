import { Get, Query } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { ApiController, IdInPath } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { AssetResponse } from './dto/asset.response';
import { BalancesResponse } from './dto/balances.response';
import { CollectiblesPage } from './dto/collectibles.response';
import { HistoryQuery, toPageWanted } from './dto/history.query';
import { TransactionsPage } from './dto/transactions.response';
import { WalletReaders } from './wallet-readers';

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The id of the wallet.');
const pageErrors = ['chain.unavailable', 'wallet.chain_not_followed'] as const;

@ApiController('v1/wallets/:walletId', 'Wallets')
@ApiExtraModels(AssetResponse)
export class WalletReadingController {
  constructor(private readonly readers: WalletReaders) {}

  @Get('balances')
  @Authenticated('getWalletBalances', BalancesResponse, {
    summary: 'Get the balances of a wallet, by chain',
    description: 'As of a final block, as two nodes say.',
  })
  async balances(@Caller() caller: Principal, @WalletInPath() id: string): Promise<BalancesResponse> {
    return this.readers.balances(caller, id);
  }

  @Get('transactions')
  @Authenticated('listWalletTransactions', TransactionsPage, {
    summary: 'List the transactions of a wallet on one chain, newest first',
    description:
      'Transactions that moved coins, tokens or collectibles from or to the wallet, or that it paid for.',
    errors: [...pageErrors],
  })
  async transactions(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: HistoryQuery,
  ): Promise<TransactionsPage> {
    return this.readers.transactions(caller, id, query.chainId, toPageWanted(query));
  }

  @Get('collectibles')
  @Authenticated('listWalletCollectibles', CollectiblesPage, {
    summary: 'List the collectibles of a wallet on one chain',
    description: 'As an indexer lists them. No metadata is fetched.',
    errors: [...pageErrors],
  })
  async collectibles(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: HistoryQuery,
  ): Promise<CollectiblesPage> {
    return this.readers.collectibles(caller, id, query.chainId, toPageWanted(query));
  }
}
