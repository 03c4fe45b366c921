import { Body, Get, Post, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountPlane } from '@countersign/account';
import { ApiController } from '@countersign/http';
import { toWalletResponse } from '@countersign/linked-wallets';
import { Caller, type Principal } from '@countersign/sessions';
import { ConsentActs } from '../acts/consent-acts.service';
import {
  toAct,
  CreateEmbeddedWalletRequest,
  EmbeddedWalletResponse,
  OF_CUSTODY,
  EmbeddedStateResponse,
  WalletInPath,
} from '../dto/embedded-wallet.dto';
import { codesOfActs } from '../embedded-wallets.errors';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { EmbeddedStates } from './embedded-state.service';
import { EmbeddedWallets } from './embedded-wallets.service';

@ApiController('v1/wallets', 'Wallets')
export class EmbeddedWalletsController {
  constructor(
    private readonly embedded: EmbeddedWallets,
    private readonly consents: ConsentActs,
    private readonly states: EmbeddedStates,
    private readonly freezing: WalletFreezing,
  ) {}

  @Post('embedded')
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

  @Get(':walletId/embedded')
  @AccountPlane('readEmbeddedWallet', EmbeddedStateResponse, {
    summary: 'Read the state of an embedded wallet',
    description: 'Whether it acts, whether its words were shown, and its way out.',
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  get(@Caller() caller: Principal, @WalletInPath() id: string): Promise<EmbeddedStateResponse> {
    return this.states.get(caller, id);
  }

  @Post(':walletId/way-out/stop')
  @AccountPlane('stopWayOut', EmbeddedStateResponse, {
    summary: 'Stop a way out that waits',
    description:
      'For 72 hours after its person accepted it. A way out that is there already stays: its person stops it at the consent bot.',
    status: 200,
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  stopWayOut(@Caller() caller: Principal, @WalletInPath() id: string): Promise<EmbeddedStateResponse> {
    return this.states.stopWayOut(caller, id);
  }

  @Post(':walletId/freeze')
  @AccountPlane('freezeWallet', null, {
    summary: 'Stop an embedded wallet at once',
    description:
      'Custody signs nothing for it and shows no words, until its person ends that at the consent bot, or the operator of custody does. Again it stays so.',
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  async freeze(@Caller() caller: Principal, @WalletInPath() id: string): Promise<void> {
    await this.freezing.freeze(caller, id);
  }
}
