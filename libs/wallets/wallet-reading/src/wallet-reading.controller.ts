import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { AssetResponse } from './dto/asset.response';
import { BalancesResponse } from './dto/balances.response';
import { CollectiblesPage } from './dto/collectibles.response';
import { BalancesQuery, HistoryQuery, toPageWanted } from './dto/history.query';
import { TransactionsPage } from './dto/transactions.response';
import { WalletReaders } from './wallet-readers';

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The id of the wallet.');
const pageErrors = [
  'chain.unavailable',
  'request.invalid',
  'request.unknown_field',
  'wallet.chain_not_followed',
  'wallet.not_found',
] as const;

@Controller('v1/wallets/:walletId')
@ApiTags('Wallets')
@ApiExtraModels(AssetResponse)
export class WalletReadingController {
  constructor(private readonly readers: WalletReaders) {}

  @Get('balances')
  @ApiOperation({
    operationId: 'getWalletBalances',
    summary: 'Get the balances of a wallet, by chain',
    description: 'As of a final block, as two nodes say.',
  })
  @Authenticated()
  @Answers(BalancesResponse, { errors: ['request.invalid', 'request.unknown_field'] })
  async balances(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() { includeHidden }: BalancesQuery,
  ): Promise<BalancesResponse> {
    return this.readers.balances(caller, id, includeHidden === 'true');
  }

  @Get('transactions')
  @ApiOperation({
    operationId: 'listWalletTransactions',
    summary: 'List the transactions of a wallet on one chain, newest first',
    description:
      'Transactions that moved coins, tokens or collectibles from or to the wallet, or that it paid for.',
  })
  @Authenticated()
  @Answers(TransactionsPage, { errors: [...pageErrors] })
  async transactions(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: HistoryQuery,
  ): Promise<TransactionsPage> {
    return this.readers.transactions(caller, id, query.chainId, toPageWanted(query));
  }

  @Get('collectibles')
  @ApiOperation({
    operationId: 'listWalletCollectibles',
    summary: 'List the collectibles of a wallet on one chain',
    description: 'As an indexer lists them. No metadata is fetched.',
  })
  @Authenticated()
  @Answers(CollectiblesPage, { errors: [...pageErrors] })
  async collectibles(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: HistoryQuery,
  ): Promise<CollectiblesPage> {
    return this.readers.collectibles(caller, id, query.chainId, toPageWanted(query));
  }
}
