import { Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, CountResponse, Cursors, NeedsScope } from '@countersign/admin';
import { Answers, ApiUuidParam, PageQuery, UuidPipe } from '@countersign/http';
import { AdminWalletPageResponse, AdminWalletResponse, WalletUnlinkingResponse } from './dto/wallet.dto';
import { WalletsFilter, WalletsQuery } from './dto/wallets.query';
import { WalletDirectory } from './wallet-directory';
import { WalletOperations } from './wallet-operations';

const LIST = 'wallets';
const walletId = new UuidPipe('wallet.not_found');
const WalletInPath = (): MethodDecorator => ApiUuidParam('walletId', 'The wallet.');

@AdminController('wallets', 'Wallets')
export class AdminWalletsController {
  constructor(
    private readonly directory: WalletDirectory,
    private readonly operations: WalletOperations,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('wallets:read')
  @ApiOperation({
    operationId: 'listWallets',
    summary: 'List wallets of all accounts, newest first',
    description: 'Without addresses and names: the addresses of one account are read with `revealUser`.',
  })
  @Answers(AdminWalletPageResponse)
  async list(@Query() query: WalletsQuery): Promise<AdminWalletPageResponse> {
    const filter = WalletsFilter.toFilter(query);
    const found = await this.directory.list(filter, this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (wallet) => AdminWalletResponse.of(wallet),
    });
  }

  @Get('count')
  @NeedsScope('wallets:read')
  @ApiOperation({ operationId: 'countWallets', summary: 'Count wallets, up to 10000' })
  @Answers(CountResponse)
  count(@Query() query: WalletsFilter): Promise<CountResponse> {
    return this.directory.count(WalletsFilter.toFilter(query));
  }

  @Get(':walletId')
  @NeedsScope('wallets:read')
  @ApiOperation({ operationId: 'readWallet', summary: 'Read a wallet' })
  @WalletInPath()
  @Answers(AdminWalletResponse, { errors: ['wallet.not_found'] })
  async read(@Param('walletId', walletId) id: string): Promise<AdminWalletResponse> {
    return AdminWalletResponse.of(await this.directory.get(id));
  }

  @Delete(':walletId')
  @NeedsScope('wallets:write')
  @ApiOperation({
    operationId: 'unlinkWallet',
    summary: 'Unlink a wallet with its identity; its sessions end',
    description: 'Its history, its balances and its name are deleted. Never the last identity of an account.',
  })
  @WalletInPath()
  @Answers(WalletUnlinkingResponse, { errors: ['wallet.not_found', 'identity.last_one'] })
  async unlink(@Param('walletId', walletId) id: string): Promise<WalletUnlinkingResponse> {
    return { walletId: id, ...(await this.operations.unlink(id)) };
  }
}

/** Wallets below their account. */
@AdminController('users/:userId/wallets', 'Wallets')
export class AdminUserWalletsController {
  constructor(
    private readonly directory: WalletDirectory,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('wallets:read')
  @ApiOperation({ operationId: 'listUserWallets', summary: 'List the wallets of an account, newest first' })
  @ApiUuidParam('userId', 'The account; the id of a merged one stands for the surviving one.')
  @Answers(AdminWalletPageResponse, { errors: ['user.not_found'] })
  async list(
    @Param('userId', new UuidPipe('user.not_found')) id: string,
    @Query() query: PageQuery,
  ): Promise<AdminWalletPageResponse> {
    const list = `users/${id}/wallets`;
    const found = await this.directory.listOfUser(id, this.cursors.keysetOf(list, query));
    return this.cursors.pageOf(list, query, found, {
      idOf: (wallet) => wallet.id,
      toItem: (wallet) => AdminWalletResponse.of(wallet),
    });
  }
}
