import { Body, Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Application } from '@countersign/applications';
import { readKnown } from '@countersign/http';
import { XellarApplication } from '../clients/xellar-client.guard';
import {
  XellarAddressResponse,
  XellarCreateRequest,
  XellarCreateResponse,
  XellarPairResponse,
  XellarRefreshRequest,
} from '../dto/account.dto';
import { ApiVersion, VERSION_PATHS, type XellarVersion } from '../protocol/api-version';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarCallerOf } from '../tokens/token.guards';
import type { XellarCaller } from '../tokens/xellar-sessions';
import { RecoveryRefusedGuard } from './recovery-refused.guard';
import { XellarAccounts } from './xellar-accounts.service';

const ADDRESS = 'Get Address executed successfully';

@Controller(VERSION_PATHS)
@ApiTags('Wallet')
export class XellarAccountsController {
  constructor(private readonly accounts: XellarAccounts) {}

  @Post('account/create')
  @ApiBody({ type: XellarCreateRequest })
  @XellarRoute(
    { operationId: 'xellarCreate', summary: 'Create the wallet, or answer the one that is there' },
    XellarCreateResponse,
    { by: 'access' },
  )
  async create(
    @XellarCallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
    @Body() body: unknown,
  ): Promise<Envelope<XellarCreateResponse>> {
    const read = readKnown(XellarCreateRequest, body ?? {});
    return enveloped('Create wallet successfully', await this.accounts.create(caller, read, version));
  }

  @Post('account/recover')
  @UseGuards(RecoveryRefusedGuard)
  @XellarRoute({ operationId: 'xellarRecover', summary: 'Always refused' }, XellarCreateResponse, {
    by: 'access',
  })
  recover(): void {
    // Its guard refuses it.
  }

  @Get('wallet/address')
  @XellarRoute({ operationId: 'xellarAddress', summary: 'Get the address' }, XellarAddressResponse, {
    by: 'address',
  })
  async address(
    @XellarCallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
  ): Promise<Envelope<XellarAddressResponse>> {
    return enveloped(ADDRESS, await this.accounts.address(caller, version));
  }

  @Post('wallet/address')
  @XellarRoute(
    {
      operationId: 'xellarPostAddress',
      summary: 'Get the address, as newer clients ask',
      description: 'The token may also be in `headers.Authorization` of the body.',
    },
    XellarAddressResponse,
    { by: 'addressOfClient' },
  )
  async postAddress(
    @XellarCallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
  ): Promise<Envelope<XellarAddressResponse>> {
    return this.address(caller, version);
  }
}

@Controller('api/v2')
@ApiTags('Wallet')
export class XellarRefreshController {
  constructor(private readonly accounts: XellarAccounts) {}

  @Post('wallet/refresh')
  @ApiBody({ type: XellarRefreshRequest })
  @XellarRoute({ operationId: 'xellarRefresh', summary: 'Get the next tokens' }, XellarPairResponse, {
    by: 'client',
  })
  async refresh(
    @XellarApplication() application: Application,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Envelope<XellarPairResponse>> {
    const { refreshToken } = readKnown(XellarRefreshRequest, body);
    return enveloped(
      'Refresh Success',
      await this.accounts.refresh(refreshToken, application, request, reply),
    );
  }
}
