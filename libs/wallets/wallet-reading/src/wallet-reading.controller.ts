import { FlagInQuery, Matching, PageQuery, ApiController, IdInPath } from '@countersign/http';
import { Get, Query } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { WalletReaders } from './wallet-readers';
import { AssetResponse } from './dto/asset.response';
import { BalancesResponse } from './dto/balances.response';
import { CollectiblesPage } from './dto/collectibles.response';
import { TransactionsPage } from './dto/transactions.response';

const DEFAULT_LIMIT = 50;

class HistoryQuery extends PageQuery {
  @Matching('CAIP-2: one of the chains that are read for the wallet.', 'eip155:1', {
    input: 'required',
    pattern: /^(?:eip155:[1-9]\d{0,15}|ton:-(?:239|3))$/,
    message: 'must be a CAIP-2 id such as eip155:1',
  })
  chainId: string;

  @FlagInQuery('Whether transactions that look like spam are listed, with the reasons.', true, {
    default: false,
  })
  includeHidden?: string;
}

function toPageWanted({ chainId, includeHidden, limit, cursor }: HistoryQuery) {
  return {
    chainId,
    cursor: cursor ?? null,
    limit: Number(limit ?? DEFAULT_LIMIT),
    includesHidden: includeHidden === 'true',
  };
}

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
    return this.readers.page(caller, id, 'transactions', toPageWanted(query));
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
    return this.readers.page(caller, id, 'collectibles', toPageWanted(query));
  }
}
