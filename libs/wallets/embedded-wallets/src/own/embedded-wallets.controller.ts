import { Body, Post, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountPlane } from '@countersign/account';
import { ApiController } from '@countersign/http';
import { toWalletResponse } from '@countersign/linked-wallets';
import { Caller, type Principal } from '@countersign/sessions';
import { ConsentActs } from '../acts/consent-acts.service';
import { toAct } from '../dto/act.response';
import { CreateEmbeddedWalletRequest } from '../dto/embedded-wallets.request';
import { EmbeddedWalletResponse } from '../dto/embedded-wallets.response';
import { codesOfActs } from '../embedded-wallets.errors';
import { EmbeddedWallets } from './embedded-wallets.service';

@ApiController('v1/wallets/embedded', 'Wallets')
export class EmbeddedWalletsController {
  constructor(
    private readonly embedded: EmbeddedWallets,
    private readonly consents: ConsentActs,
  ) {}

  @Post()
  @ApiResponse({ status: 200, type: EmbeddedWalletResponse, description: 'It was there already.' })
  @AccountPlane('createEmbeddedWallet', EmbeddedWalletResponse, {
    summary: 'Create an embedded wallet',
    description: 'One for each chain, person and environment, whichever application asks.',
    status: 201,
    errors: ['user.erasure_pending', 'wallet.came_by_merge', 'wallet.embedded_off', ...codesOfActs.custody],
  })
  async create(
    @Caller() caller: Principal,
    @Body() { chain }: CreateEmbeddedWalletRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EmbeddedWalletResponse> {
    const { wallet, isNew } = await this.embedded.create(caller, chain);
    if (!isNew) reply.status(200);
    const binding = await this.consents.askToBind(caller, wallet);
    return { ...toWalletResponse(wallet), binding: binding && toAct(binding, 'open') };
  }
}
