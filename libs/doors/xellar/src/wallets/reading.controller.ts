import { Body, Controller, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { readKnown } from '@countersign/http';
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
import { VERSION_PATHS } from '../protocol/api-version';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarCallerOf } from '../tokens/token.guards';
import type { XellarCaller } from '../tokens/xellar-sessions';
import { XellarReads } from './xellar-reads.service';

@Controller(VERSION_PATHS.map((path) => `${path}/wallet`))
@ApiTags('Reading')
export class XellarReadingController {
  constructor(private readonly reads: XellarReads) {}

  @Post('balance-coin')
  @ApiBody({ type: XellarNetworkRequest })
  @XellarRoute({ operationId: 'xellarBalanceCoin', summary: 'Get the coins' }, XellarBalanceResponse, {
    by: 'wallet',
  })
  async coin(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarBalanceResponse>> {
    const read = readKnown(XellarNetworkRequest, body);
    return enveloped('Check Coin Balance is successfully', await this.reads.coin(caller, read));
  }

  @Post('balance-token')
  @ApiBody({ type: XellarTokenRequest })
  @XellarRoute(
    { operationId: 'xellarBalanceToken', summary: 'Get the amount of a token' },
    XellarBalanceResponse,
    { by: 'wallet' },
  )
  async token(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarBalanceResponse>> {
    const read = readKnown(XellarTokenRequest, body);
    return enveloped('Check Token Balance is successfully', await this.reads.token(caller, read));
  }

  @Post('batch-balance-token')
  @ApiBody({ type: XellarTokensRequest })
  @XellarRoute(
    { operationId: 'xellarBatchBalanceToken', summary: 'Get the amounts of up to 50 tokens' },
    XellarTokensResponse,
    { by: 'wallet' },
  )
  async tokens(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarTokensResponse>> {
    const read = readKnown(XellarTokensRequest, body);
    return enveloped('Check Token Balance is successfully', await this.reads.tokens(caller, read));
  }

  @Post('transaction-detail')
  @ApiBody({ type: XellarTransactionDetailRequest })
  @XellarRoute(
    { operationId: 'xellarTransactionDetail', summary: 'Get the receipt of a transaction' },
    XellarTransactionDetailResponse,
    { by: 'wallet' },
  )
  async transaction(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarTransactionDetailResponse>> {
    const read = readKnown(XellarTransactionDetailRequest, body);
    return enveloped('Transaction Detail executed successfully', await this.reads.transaction(caller, read));
  }

  @Post('estimate-gas')
  @ApiBody({ type: XellarEstimateRequest })
  @XellarRoute(
    { operationId: 'xellarEstimateGas', summary: 'Get what a transaction would cost' },
    XellarEstimateResponse,
    { by: 'wallet' },
  )
  async estimate(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarEstimateResponse>> {
    const read = readKnown(XellarEstimateRequest, body);
    return enveloped('Estimate Gas executed successfully', await this.reads.estimate(caller, read));
  }

  /** Clients 3 and 4 call it with a quote in its path. */
  @Post('estimate-gas"')
  @ApiBody({ type: XellarEstimateRequest })
  @XellarRoute(
    { operationId: 'xellarEstimateGasQuoted', summary: 'As `estimate-gas`' },
    XellarEstimateResponse,
    { by: 'wallet' },
  )
  quotedEstimate(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarEstimateResponse>> {
    return this.estimate(caller, body);
  }
}
