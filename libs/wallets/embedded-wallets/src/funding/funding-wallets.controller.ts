import { Body, Get, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import {
  CreateFundingWalletRequest,
  FundingWalletResponse,
  FundingWalletsResponse,
} from './funding-wallet.dto';
import { FundingWallets } from './funding-wallets';

/** The wallets of the operator that pay for fees of others. */
@AdminController('funding-wallets', 'Wallets')
export class AdminFundingWalletsController {
  constructor(private readonly wallets: FundingWallets) {}

  @Get()
  @Operation('listFundingWallets', 'wallets:read', FundingWalletsResponse, {
    summary: 'List the wallets that pay for fees of sends',
    description: '`listSends` with their `walletId` has each payment.',
  })
  async list(): Promise<FundingWalletsResponse> {
    return { items: (await this.wallets.list()).map((one) => FundingWalletResponse.of(one)) };
  }

  @Post()
  @Operation('createFundingWallet', 'wallets:write', FundingWalletResponse, {
    summary: 'Create the wallet that pays for fees of sends, or read it where it is there',
    description: 'What is in it leaves it as gas alone: no call sends or exports it.',
    status: 200,
    errors: ['wallet.embedded_off', 'wallet.custody_unavailable'],
  })
  async create(@Body() wanted: CreateFundingWalletRequest): Promise<FundingWalletResponse> {
    return FundingWalletResponse.of(await this.wallets.create(wanted));
  }
}
