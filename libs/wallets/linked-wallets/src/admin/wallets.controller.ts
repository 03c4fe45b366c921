import { Delete, Get, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, type Keyset, readPage } from '@countersign/http';
import {
  AdminWalletPageResponse,
  AdminWalletResponse,
  WalletUnlinkingResponse,
  WalletsQuery,
} from './dto/wallet.dto';
import { WalletDirectory } from './wallet-directory';
import { WalletOperations } from './wallet-operations';

const WalletInPath = (): ParameterDecorator => IdInPath('walletId', 'wallet.not_found', 'The wallet.');

@AdminController('wallets', 'Wallets')
export class AdminWalletsController {
  constructor(
    private readonly directory: WalletDirectory,
    private readonly operations: WalletOperations,
  ) {}

  @Get()
  @Operation('listWallets', 'wallets:read', AdminWalletPageResponse, {
    summary: 'List wallets of all accounts, newest first',
    description: 'Without addresses and names: the addresses of one account are read with `revealUser`.',
  })
  async list(@Query() query: WalletsQuery): Promise<AdminWalletPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(query, keyset);
    return readPage(query, AdminWalletResponse, read);
  }

  @Get(':walletId')
  @Operation('readWallet', 'wallets:read', AdminWalletResponse, 'Read a wallet')
  async read(@WalletInPath() id: string): Promise<AdminWalletResponse> {
    return AdminWalletResponse.of(await this.directory.get(id));
  }

  @Delete(':walletId')
  @Operation('unlinkWallet', 'wallets:write', WalletUnlinkingResponse, {
    summary: 'Unlink a wallet with its identity; its sessions end',
    description: 'Its name and what proved it are deleted. Never the last identity of an account.',
    errors: ['identity.last_one', 'wallet.is_embedded'],
  })
  async unlink(@WalletInPath() id: string): Promise<WalletUnlinkingResponse> {
    return { walletId: id, ...(await this.operations.unlink(id)) };
  }
}
