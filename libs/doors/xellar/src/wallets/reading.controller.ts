import { Body, Post } from '@nestjs/common';
import { ApiController, readKnown } from '@countersign/http';
import {
  XellarBalanceResponse,
  XellarEstimateResponse,
  XellarTokenRequest,
  XellarTokensRequest,
  XellarTokensResponse,
  XellarTransactionDetailRequest,
  XellarTransactionDetailResponse,
} from '../dto/reading.dto';
import { XellarEstimateRequest } from '../dto/sending.dto';
import { XellarNetworkRequest } from '../dto/signing.dto';
import { VERSION_PATHS, enveloped, type Answer, WalletRoute } from '../protocol/xellar-route';
import { CallerOf, type XellarCaller } from '../tokens/token.guards';
import { XellarReads } from './xellar-reads.service';

@ApiController(VERSION_PATHS.map((path) => `${path}/wallet`), 'Reading')
export class XellarReadingController {
  constructor(private readonly reads: XellarReads) {}

  @Post('balance-coin')
  @WalletRoute('xellarBalanceCoin', 'Get the coins', XellarBalanceResponse, XellarNetworkRequest)
  async coin(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarBalanceResponse> {
    const read = readKnown(XellarNetworkRequest, body);
    return enveloped('Check Coin Balance is successfully', await this.reads.coin(caller, read));
  }

  @Post('balance-token')
  @WalletRoute('xellarBalanceToken', 'Get the amount of a token', XellarBalanceResponse, XellarTokenRequest)
  async token(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarBalanceResponse> {
    const read = readKnown(XellarTokenRequest, body);
    return enveloped('Check Token Balance is successfully', await this.reads.token(caller, read));
  }

  @Post('batch-balance-token')
  @WalletRoute('xellarBatchBalanceToken', 'Get amounts of tokens', XellarTokensResponse, XellarTokensRequest)
  async tokens(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarTokensResponse> {
    const read = readKnown(XellarTokensRequest, body);
    return enveloped('Check Token Balance is successfully', await this.reads.tokens(caller, read));
  }

  @Post('transaction-detail')
  @WalletRoute(
    'xellarTransactionDetail',
    'Get the receipt of a transaction',
    XellarTransactionDetailResponse,
    XellarTransactionDetailRequest,
  )
  async transaction(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarTransactionDetailResponse> {
    const read = readKnown(XellarTransactionDetailRequest, body);
    return enveloped('Transaction Detail executed successfully', await this.reads.transaction(caller, read));
  }

  @Post('estimate-gas')
  @WalletRoute('xellarEstimateGas', 'Get what it would cost', XellarEstimateResponse, XellarEstimateRequest)
  async estimate(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarEstimateResponse> {
    const read = readKnown(XellarEstimateRequest, body);
    return enveloped('Estimate Gas executed successfully', await this.reads.estimate(caller, read));
  }

  /** Clients 3 and 4 call it with a quote in its path. */
  @Post('estimate-gas"')
  @WalletRoute('xellarEstimateGasQuoted', 'As `estimate-gas`', XellarEstimateResponse, XellarEstimateRequest)
  quotedEstimate(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarEstimateResponse> {
    return this.estimate(caller, body);
  }
}
