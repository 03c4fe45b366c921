import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { spendingCodes, WalletSignatureStrategy } from '@countersign/auth';
import { Answers } from '@countersign/http';
import { Caller, forCaller, type Principal } from '@countersign/sessions';
import { toWalletResponse, WalletResponse } from '../dto/wallet.response';
import { OwnWallets } from './own-wallets.service';

@Controller('v1/wallets/links')
@ApiTags('Wallets')
export class WalletLinksController {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly door: WalletSignatureStrategy,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'createWalletLink',
    summary: 'Link a wallet to the account',
    description:
      'After step-up, with the answer to a challenge for `link`. Linking one’s own wallet again may raise its assurance.',
  })
  @ApiBody({ type: WalletSignatureStrategy.declaration.body })
  @ApiResponse({ status: 200, type: WalletResponse, description: 'It was linked already.' })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(WalletResponse, {
    status: 201,
    errors: [
      ...WalletSignatureStrategy.declaration.codes,
      ...spendingCodes,
      'account.step_up_required',
      'identity.belongs_to_another',
      'wallet.not_found',
    ],
  })
  async link(
    @Caller() caller: Principal,
    @Body() body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WalletResponse> {
    const { linked, isNew } = await forCaller(this.wallets.link(caller, this.door, body));
    if (!isNew) reply.status(200);
    return toWalletResponse(linked);
  }
}
