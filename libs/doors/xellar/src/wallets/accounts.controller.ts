import { Body, Get, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Application } from '@countersign/applications';
import { ApiController, readKnown } from '@countersign/http';
import { XellarApplication } from '../clients/xellar-clients';
import {
  XellarAddressResponse,
  XellarCreateRequest,
  XellarCreateResponse,
  XellarPairResponse,
  XellarRefreshRequest,
} from '../dto/account.dto';
import {
  ApiVersion,
  VERSION_PATHS,
  type XellarVersion,
  enveloped,
  type Answer,
  XellarRoute,
} from '../protocol/xellar-route';
import { CallerOf, type XellarCaller } from '../tokens/token.guards';
import { XellarAccounts } from './xellar-accounts.service';

const ADDRESS = 'Get Address executed successfully';

@ApiController(VERSION_PATHS, 'Wallet')
export class XellarAccountsController {
  constructor(private readonly accounts: XellarAccounts) {}

  @Post('account/create')
  @XellarRoute('access', 'xellarCreate', 'Get or make the wallet', XellarCreateResponse, XellarCreateRequest)
  async create(
    @CallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
    @Body() body: unknown,
  ): Answer<XellarCreateResponse> {
    const read = readKnown(XellarCreateRequest, body ?? {});
    return enveloped('Create wallet successfully', await this.accounts.create(caller, read, version));
  }

  @Get('wallet/address')
  @XellarRoute('address', 'xellarAddress', 'Get the address', XellarAddressResponse)
  async address(
    @CallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
  ): Answer<XellarAddressResponse> {
    return enveloped(ADDRESS, await this.accounts.address(caller, version));
  }

  @Post('wallet/address')
  /** The token may also be in `headers.Authorization` of the body. */
  @XellarRoute('addressOfClient', 'xellarPostAddress', 'Get the address', XellarAddressResponse)
  async postAddress(
    @CallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
  ): Answer<XellarAddressResponse> {
    return this.address(caller, version);
  }
}

@ApiController('api/v2', 'Wallet')
export class XellarRefreshController {
  constructor(private readonly accounts: XellarAccounts) {}

  @Post('wallet/refresh')
  @XellarRoute('client', 'xellarRefresh', 'Get the next tokens', XellarPairResponse, XellarRefreshRequest)
  async refresh(
    @XellarApplication() application: Application,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Answer<XellarPairResponse> {
    const { refreshToken } = readKnown(XellarRefreshRequest, body);
    return enveloped('Refresh Success', await this.accounts.refresh(refreshToken, application, request));
  }
}
