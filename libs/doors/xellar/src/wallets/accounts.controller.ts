import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Application } from '@countersign/applications';
import { Configuration } from '@countersign/config';
import { readKnown, requestUri, TakesBodiesUpTo, TakesMultipart } from '@countersign/http';
import { XellarApplication } from '../clients/xellar-client.guard';
import {
  XellarAddressResponse,
  XellarCreateRequest,
  XellarCreateResponse,
  XellarPairResponse,
  XellarRecoverRequest,
  XellarRefreshRequest,
} from '../dto/account.dto';
import { ApiVersion, VERSION_PATHS, type XellarVersion } from '../protocol/api-version';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarCallerOf } from '../tokens/token.guards';
import type { XellarCaller } from '../tokens/xellar-sessions';
import { readRecoveryForm } from './recovery-form';
import { XellarAccounts } from './xellar-accounts.service';

/** A file has a hundred bytes. */
const MAX_FORM_BYTES = 16 * 1_024;

const ADDRESS = 'Get Address executed successfully';

@Controller(VERSION_PATHS)
@ApiTags('Wallet')
export class XellarAccountsController {
  constructor(
    private readonly accounts: XellarAccounts,
    private readonly configuration: Configuration,
  ) {}

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
    @Req() request: FastifyRequest,
  ): Promise<Envelope<XellarCreateResponse>> {
    const read = readKnown(XellarCreateRequest, body ?? {});
    const call = { version, origin: this.originOf(request) };
    return enveloped('Create wallet successfully', await this.accounts.create(caller, read, call));
  }

  @Post('account/recover')
  @ApiBody({ type: XellarRecoverRequest })
  @TakesMultipart()
  @TakesBodiesUpTo(MAX_FORM_BYTES)
  @XellarRoute(
    {
      operationId: 'xellarRecover',
      summary: 'Recover the wallets of another account by its recovery file',
      description:
        '403 `account.step_up_required`: `data.message` has the link of a launch that confirms the recovery. 409 `wallet.recovery_pending`: repeat the call after the time in `Retry-After`.',
    },
    XellarCreateResponse,
    { by: 'access' },
  )
  async recover(
    @XellarCallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Envelope<XellarCreateResponse>> {
    const call = { version, origin: this.originOf(request) };
    const answer = await this.accounts.recover(caller, readRecoveryForm(body), call);
    return enveloped('Recover wallet successfully', answer);
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

  private originOf(request: FastifyRequest): string {
    return new URL(requestUri(request, this.configuration.publicUrl)).origin;
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
