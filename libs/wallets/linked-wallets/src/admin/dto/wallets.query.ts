import { Id, OneOf, PageQuery } from '@countersign/http';
import { walletProviders, type WalletProvider } from '../../store/wallet.entity';
import type { WalletFilter } from '../wallet-directory';

const USER_ID = '0199a3c0-2222-7c50-9d5e-0d6b1f2a3c44';

/** Filters of the list of wallets. */
export class WalletsQuery extends PageQuery {
  @Id('Only wallets of this account; of a merged one, those of the surviving account.', USER_ID, {
    input: 'optional',
  })
  userId?: string;

  @OneOf(walletProviders, 'Only wallets of this platform.', 'ethereum', { input: 'optional' })
  provider?: WalletProvider;

  static toFilter({ userId, provider }: WalletsQuery): WalletFilter {
    return { userId: userId?.toLowerCase(), provider };
  }
}
