import { Body, Get, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { CustodyOperations } from './custody-operations';
import { AdminEmbeddedStateResponse, CustodyResponse, FreezeWalletRequest } from './custody.dto';

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.');

/** Embedded wallets of people. */
@AdminController('embedded-wallets', 'Wallets')
export class AdminEmbeddedWalletsController {
  constructor(
    private readonly operations: CustodyOperations,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get(':walletId')
  @Operation(
    'readEmbeddedWallet',
    'wallets:read',
    AdminEmbeddedStateResponse,
    'Read the state of an embedded wallet',
  )
  async read(@WalletInPath() id: string): Promise<AdminEmbeddedStateResponse> {
    return AdminEmbeddedStateResponse.of(await this.operations.stateOf(id));
  }

  @Post(':walletId/freeze')
  @Operation('freezeWallet', 'wallets:write', AdminEmbeddedStateResponse, {
    summary: 'Stop an embedded wallet, with a reason',
    description: 'Its person cannot end it.',
    status: 200,
    errors: ['wallet.not_embedded'],
  })
  async freeze(
    @WalletInPath() id: string,
    @Body() { reason }: FreezeWalletRequest,
  ): Promise<AdminEmbeddedStateResponse> {
    await this.freezing.freezeByOperator(id, reason);
    return this.read(id);
  }

  @Post(':walletId/unfreeze')
  @Operation('unfreezeWallet', 'wallets:write', AdminEmbeddedStateResponse, {
    summary: 'Let an embedded wallet act again, with a reason',
    status: 200,
    errors: ['wallet.not_embedded'],
  })
  async unfreeze(
    @WalletInPath() id: string,
    @Body() { reason }: FreezeWalletRequest,
  ): Promise<AdminEmbeddedStateResponse> {
    await this.freezing.unfreezeByOperator(id, reason);
    return this.read(id);
  }
}

/** The process with the keys, and the brake. */
@AdminController('custody', 'Wallets')
export class AdminCustodyController {
  constructor(
    private readonly operations: CustodyOperations,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get()
  @Operation('readCustody', 'wallets:read', CustodyResponse, 'Read the state of custody and of the brake')
  read(): Promise<CustodyResponse> {
    return this.operations.read();
  }

  @Post('stop')
  @Operation('stopWallets', 'wallets:write', CustodyResponse, {
    summary: 'Stop all embedded wallets at once, with a reason',
    status: 200,
  })
  async stop(@Body() { reason }: FreezeWalletRequest): Promise<CustodyResponse> {
    await this.freezing.applyBrake(reason);
    return this.operations.read();
  }

  @Post('release')
  @Operation('releaseWallets', 'wallets:write', CustodyResponse, {
    summary: 'Let embedded wallets act again, with a reason',
    status: 200,
  })
  async release(@Body() { reason }: FreezeWalletRequest): Promise<CustodyResponse> {
    await this.freezing.releaseBrake(reason);
    return this.operations.read();
  }
}
