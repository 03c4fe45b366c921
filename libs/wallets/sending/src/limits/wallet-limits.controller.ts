import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AcceptsGrant, AccountPlane, StepUpRequestResponse } from '@countersign/account';
import { Answers, IdInPath, PageQuery } from '@countersign/http';
import { Caller, forCaller, type Principal } from '@countersign/sessions';
import {
  RecipientPage,
  toLimits,
  toRecipient,
  WalletLimitsRequest,
  WalletLimitsResponse,
} from '../dto/wallet-limits.dto';
import { WalletLimits } from './wallet-limits.service';

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.');

@Controller('v1/wallets/:walletId')
@ApiTags('Wallets')
export class WalletLimitsController {
  constructor(private readonly limits: WalletLimits) {}

  @Get('limits')
  @ApiOperation({
    operationId: 'getWalletLimits',
    summary: 'Read what the person lets a wallet send',
    description: 'In all applications. Those of the application count too.',
  })
  @AccountPlane()
  @Answers(WalletLimitsResponse, { errors: ['wallet.not_embedded', 'wallet.not_granted'] })
  async get(@Caller() caller: Principal, @WalletInPath() id: string): Promise<WalletLimitsResponse> {
    return forCaller(this.limits.get(caller, id));
  }

  @Put('limits')
  @ApiOperation({
    operationId: 'setWalletLimits',
    summary: 'Set what a wallet may send',
    description:
      'Replaces all limits. Narrower ones apply at once; wider ones need the grant of a launch that named them.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(WalletLimitsResponse, {
    errors: [
      'account.step_up_required',
      'send.limits_malformed',
      'wallet.acts_stopped',
      'wallet.came_by_merge',
      'wallet.frozen',
      'wallet.not_embedded',
      'wallet.not_granted',
    ],
  })
  async set(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() limits: WalletLimitsRequest,
  ): Promise<WalletLimitsResponse> {
    return forCaller(this.limits.set(caller, id, toLimits(limits)));
  }

  @Post('limits/requests')
  @ApiOperation({
    operationId: 'requestWalletLimits',
    summary: 'Ask for a code that names wider limits',
    description:
      'As `POST /v1/me/step-up/requests`. The sign-in of the launch answers the limits, and its grant is valid for them alone.',
  })
  @AccountPlane()
  @Answers(StepUpRequestResponse, {
    status: 201,
    errors: ['request.rate_limited', 'send.limits_malformed', 'wallet.not_embedded', 'wallet.not_granted'],
  })
  async ask(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() limits: WalletLimitsRequest,
  ): Promise<StepUpRequestResponse> {
    return forCaller(this.limits.askFor(caller, id, toLimits(limits)));
  }

  @Get('recipients')
  @ApiOperation({
    operationId: 'listRecipients',
    summary: 'List the addresses that a wallet sent to',
    description: 'With those of sends that wait. The first send to another one waits.',
  })
  @AccountPlane()
  @Answers(RecipientPage, { errors: ['request.invalid', 'wallet.not_embedded', 'wallet.not_granted'] })
  async recipients(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: PageQuery,
  ): Promise<RecipientPage> {
    const { items, nextCursor } = await forCaller(this.limits.recipients(caller, id, query));
    return { items: items.map(toRecipient), nextCursor };
  }

  @Delete('recipients/:recipientId')
  @ApiOperation({
    operationId: 'removeRecipient',
    summary: 'No longer know an address',
    description: 'The next send to it waits as the first one did.',
  })
  @AccountPlane()
  @Answers(null, { errors: ['wallet.not_embedded', 'wallet.not_granted'] })
  async remove(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @IdInPath('recipientId', 'send.recipient_not_found', 'The entry.') recipientId: string,
  ): Promise<void> {
    await forCaller(this.limits.removeRecipient(caller, id, recipientId));
  }
}
