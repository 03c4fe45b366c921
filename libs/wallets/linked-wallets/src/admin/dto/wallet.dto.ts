import { Count, Id, toResponse, PageQuery, PageOf } from '@countersign/http';
import { ShownWalletResponse } from '../../dto/wallet.response';
import type { ListedWallet } from '../wallet-directory';

const WALLET_ID = '0199a3d2-4c1e-7a55-8f0b-6a7d1c2e3f40';
const USER_ID = '0199a3c0-2222-7c50-9d5e-0d6b1f2a3c44';

/** Filters of the list of wallets. */
export class WalletsQuery extends PageQuery {
  @Id('Only wallets of this account; of a merged one, those of the surviving account.', USER_ID, {
    input: 'optional',
  })
  userId?: string;
}

/** A wallet as operators see it: without its address and its name. */
export class AdminWalletResponse extends ShownWalletResponse {
  @Id('The account that it is of.', USER_ID)
  userId: string;

  static of(wallet: ListedWallet): AdminWalletResponse {
    const canSignIn = wallet.kind === 'linked';
    return toResponse(AdminWalletResponse, { ...wallet, walletId: wallet.id, canSignIn });
  }
}

export class AdminWalletPageResponse extends PageOf(AdminWalletResponse, 'Newest first.') {}

export class WalletUnlinkingResponse {
  @Id('The wallet, which is gone.', WALLET_ID)
  walletId: string;

  @Count('How many sessions ended.', 1)
  endedSessions: number;
}
