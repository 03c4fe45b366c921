import { AdminPageOf } from '@countersign/admin';
import { environments, walletProviders } from '@countersign/applications';
import { walletKinds, type WalletKind } from '../../store/wallet.entity';
import { Count, Flag, Id, Instant, OneOf, Text } from '@countersign/http';
import type { ListedWallet } from '../wallet-directory.repository';

export const WALLET_ID = '0199a3d2-4c1e-7a55-8f0b-6a7d1c2e3f40';
const USER_ID = '0199a3c0-2222-7c50-9d5e-0d6b1f2a3c44';
const INSTANT = '2026-11-20T08:00:00.000Z';

/** A wallet as operators see it: without its address and its name. */
export class AdminWalletResponse {
  @Id('The id of the wallet.', WALLET_ID)
  walletId: string;

  @Id('The account that it is of.', USER_ID)
  userId: string;

  @Id(
    'The identity that it is; its subject is the address. `null` for an embedded or a connected wallet.',
    undefined,
    {
      nullable: true,
    },
  )
  identityId: string | null;

  @OneOf(walletKinds, 'How the service knows it.', 'linked')
  kind: WalletKind;

  @OneOf(walletProviders, 'The platform of its addresses.', 'ethereum')
  provider: string;

  @OneOf(environments, 'Whether it is of a test network.', 'production')
  environment: string;

  @Text('CAIP-2 of a contract wallet; null where a key controls the address.', null, { nullable: true })
  chainId: string | null;

  @Flag('Whether it is the primary wallet of the account.', true)
  isPrimary: boolean;

  @Instant('When it was linked.', INSTANT)
  linkedAt: string;

  @Instant('When it was last proven.', INSTANT)
  checkedAt: string;

  @Flag('Whether it signs in to the account: a linked wallet does.', true)
  canSignIn: boolean;

  static of({ id: walletId, linkedAt, checkedAt, ...wallet }: ListedWallet): AdminWalletResponse {
    const { userId, identityId, kind, provider, environment, chainId, isPrimary } = wallet;
    return {
      ...{ walletId, userId, identityId, kind, provider, environment, chainId, isPrimary },
      linkedAt: linkedAt.toISOString(),
      checkedAt: checkedAt.toISOString(),
      canSignIn: kind === 'linked',
    };
  }
}

export class AdminWalletPageResponse extends AdminPageOf(AdminWalletResponse, 'Newest first.') {}

export class WalletUnlinkingResponse {
  @Id('The wallet, which is gone.', WALLET_ID)
  walletId: string;

  @Count('How many sessions ended.', 1)
  endedSessions: number;
}
