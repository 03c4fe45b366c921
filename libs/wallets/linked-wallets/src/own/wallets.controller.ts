import { Body, Delete, Get, Patch, Query } from '@nestjs/common';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { ApiController, IdInPath, PageQuery, TakesMergePatch } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { WalletPatch } from '../dto/wallet.request';
import { toWalletResponse, WalletPage, WalletResponse } from '../dto/wallet.response';
import { OwnWallets } from './own-wallets.service';

const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The id of the wallet.');

@ApiController('v1/wallets', 'Wallets')
export class WalletsController {
  constructor(private readonly wallets: OwnWallets) {}

  @Get()
  @Authenticated('listWallets', WalletPage, {
    summary: 'List one’s wallets, oldest first',
    description:
      'A session below the level of the account, or of a third-party application, sees only the wallet that it was opened with.',
  })
  async list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<WalletPage> {
    const { items, nextCursor } = await this.wallets.list(caller, page);
    return { items: items.map(toWalletResponse), nextCursor };
  }

  @Get(':walletId')
  @Authenticated('getWallet', WalletResponse, {
    summary: 'Get one of one’s wallets',
    description: 'As the list shows it.',
  })
  async get(@Caller() caller: Principal, @WalletInPath() id: string): Promise<WalletResponse> {
    return toWalletResponse(await this.wallets.get(caller, id));
  }

  @Patch(':walletId')
  @TakesMergePatch()
  @AccountPlane('changeWallet', WalletResponse, {
    summary: 'Name a wallet, or make it the primary one',
    description: 'A JSON merge patch, RFC 7396: fields that are left out stay, `null` removes.',
    errors: ['wallet.is_connected', 'wallet.of_application'],
  })
  async change(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() patch: WalletPatch,
  ): Promise<WalletResponse> {
    return toWalletResponse(await this.wallets.change(caller, id, patch));
  }

  @Delete(':walletId')
  @AcceptsGrant()
  @AccountPlane('unlinkWallet', null, {
    summary: 'Unlink a wallet, with its identity, or disconnect it',
    description:
      'After step-up, unless it is connected only. Its name and what proved it are deleted. Sessions that were opened with it end, this one too if it is among them.',
    errors: [
      'identity.came_recently',
      'identity.last_at_level',
      'identity.last_one',
      'identity.not_found',
      'wallet.is_embedded',
    ],
  })
  unlink(@Caller() caller: Principal, @WalletInPath() id: string): Promise<void> {
    return this.wallets.unlink(caller, id);
  }
}
