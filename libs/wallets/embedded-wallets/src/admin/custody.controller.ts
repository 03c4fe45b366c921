import { Body, Get, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { EmbeddedStates } from '../own/embedded-state.service';
import { OF_CUSTODY, WalletInPath } from '../dto/embedded-wallet.dto';
import { AdminEmbeddedStateResponse, CustodyResponse, FreezeWalletRequest } from './custody.dto';

/** Embedded wallets of people. */
@AdminController('embedded-wallets', 'Wallets')
export class AdminEmbeddedWalletsController {
  constructor(
    private readonly states: EmbeddedStates,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get(':walletId')
  @Operation('readEmbeddedWallet', 'wallets:read', AdminEmbeddedStateResponse, {
    summary: 'Read the state of an embedded wallet',
    errors: OF_CUSTODY,
  })
  read(@WalletInPath() id: string): Promise<AdminEmbeddedStateResponse> {
    return this.states.getAny(id);
  }

  @Post(':walletId/freeze')
  @Operation('freezeWallet', 'wallets:write', AdminEmbeddedStateResponse, {
    summary: 'Stop an embedded wallet, with a reason',
    description:
      'Its person ends it at the consent bot, or the operator of custody: `countersign-custody unfreeze`.',
    status: 200,
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  async freeze(
    @WalletInPath() id: string,
    @Body() { reason }: FreezeWalletRequest,
  ): Promise<AdminEmbeddedStateResponse> {
    await this.freezing.freezeByOperator(id, reason);
    return this.read(id);
  }
}

/** The process with the keys, and the brake. */
@AdminController('custody', 'Wallets')
export class AdminCustodyController {
  constructor(
    private readonly states: EmbeddedStates,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get()
  @Operation('readCustody', 'wallets:read', CustodyResponse, 'Read the state of custody and of the brake')
  async read(): Promise<CustodyResponse> {
    return CustodyResponse.of(await this.states.custodyHealth());
  }

  @Post('stop')
  @Operation('stopWallets', 'wallets:write', CustodyResponse, {
    summary: 'Stop all embedded wallets at once, with a reason',
    description:
      'Pulls the brake of custody, which only its operator releases: `countersign-custody release`. One that is on keeps its reason.',
    status: 200,
    errors: ['wallet.embedded_off', 'wallet.custody_unavailable'],
  })
  async stop(@Body() { reason }: FreezeWalletRequest): Promise<CustodyResponse> {
    await this.freezing.applyBrake(reason);
    return this.read();
  }
}
