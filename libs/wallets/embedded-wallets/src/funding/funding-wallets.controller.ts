import { Body, Get, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import {
  CreateFundingWalletRequest,
  FundingWalletResponse,
  FundingWalletsResponse,
} from './funding-wallet.dto';
import { FundingWallets } from './funding-wallets';

/** The wallets of the operator that pay the fees of others. */
@AdminController('funding-wallets', 'Wallets')
export class AdminFundingWalletsController {
  constructor(private readonly wallets: FundingWallets) {}

  @Get()
  @Operation('listFundingWallets', 'wallets:read', FundingWalletsResponse, {
    summary: 'List the wallets that pay the fees of sends',
    description: '`listSends` with a `walletId` lists its payments.',
  })
  async list(): Promise<FundingWalletsResponse> {
    return { items: (await this.wallets.list()).map((one) => FundingWalletResponse.of(one)) };
  }

  @Post()
  @Operation('createFundingWallet', 'wallets:write', FundingWalletResponse, {
    summary: 'Create the wallet that pays the fees of sends, or read the existing one',
    description: 'Its coins can only leave as gas: no call sends or exports them.',
    status: 200,
    errors: ['wallet.embedded_off', 'wallet.custody_unavailable'],
  })
  async create(@Body() wanted: CreateFundingWalletRequest): Promise<FundingWalletResponse> {
    return FundingWalletResponse.of(await this.wallets.create(wanted));
  }
}
