import { Count, Id, toResponse, PageQuery, PageOf, IdInPath, readPage, type Keyset } from '@countersign/http';
import { Delete, Get, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { ShownWalletResponse, WALLET_ID } from '../dto/wallet.response';
import { WalletOperations, type ListedWallet } from './wallet-operations';
import { walletScopes } from '../linked-wallets.feature';

const USER_ID = '0199a3c0-2222-7c50-9d5e-0d6b1f2a3c44';

class WalletsQuery extends PageQuery {
  @Id('Only wallets of this account; of a merged one, those of the surviving account.', USER_ID, {
    input: 'optional',
  })
  userId?: string;
}

/** Operators do not see the wallet's address and name. */
class AdminWalletResponse extends ShownWalletResponse {
  @Id('The account that it is of.', USER_ID)
  userId: string;

  static of(wallet: ListedWallet): AdminWalletResponse {
    const canSignIn = wallet.kind === 'linked';
    return toResponse(AdminWalletResponse, { ...wallet, walletId: wallet.id, canSignIn });
  }
}

class AdminWalletPageResponse extends PageOf(AdminWalletResponse, 'Newest first.') {}

class WalletUnlinkingResponse {
  @Id('The wallet, which is gone.', WALLET_ID)
  walletId: string;

  @Count('How many sessions ended.', 1)
  endedSessions: number;
}

const WalletInPath = (): ParameterDecorator => IdInPath('walletId', 'wallet.not_found', 'The wallet.');

@AdminController('wallets', 'Wallets')
export class AdminWalletsController {
  constructor(private readonly wallets: WalletOperations) {}

  @Get()
  @Operation('listWallets', walletScopes.walletsRead, AdminWalletPageResponse, {
    summary: 'List wallets of all accounts, newest first',
    description: 'Without addresses and names: the addresses of one account are read with `revealUser`.',
  })
  async list(@Query() query: WalletsQuery): Promise<AdminWalletPageResponse> {
    const read = (keyset: Keyset) => this.wallets.list(query, keyset);
    return readPage(query, AdminWalletResponse, read);
  }

  @Get(':walletId')
  @Operation('readWallet', walletScopes.walletsRead, AdminWalletResponse, 'Read a wallet')
  async read(@WalletInPath() id: string): Promise<AdminWalletResponse> {
    return AdminWalletResponse.of(await this.wallets.get(id));
  }

  @Delete(':walletId')
  @Operation('unlinkWallet', walletScopes.walletsWrite, WalletUnlinkingResponse, {
    summary: 'Unlink a wallet with its identity; its sessions end',
    description: 'Its name and what proved it are deleted. Never the last identity of an account.',
    errors: ['identity.last_one', 'wallet.is_embedded'],
  })
  async unlink(@WalletInPath() id: string): Promise<WalletUnlinkingResponse> {
    return { walletId: id, ...(await this.wallets.unlink(id)) };
  }
}
