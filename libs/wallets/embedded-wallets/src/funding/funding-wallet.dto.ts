import { Id, ListOf, OneOf, Text } from '@countersign/http';
import type { FundingKind, FundingWallet } from './funding-wallets';

export class CreateFundingWalletRequest implements FundingKind {
  @OneOf(['evm', 'ton'], 'The kind of chains that it pays on.', 'evm', { input: 'required' })
  kind: FundingKind['kind'];

  @OneOf(['production', 'test'], 'The environment of these chains.', 'production', { input: 'required' })
  environment: FundingKind['environment'];
}

export class FundingWalletResponse extends CreateFundingWalletRequest {
  @Id('The wallet: for `freezeWallet`, and as a filter of `listSends`.')
  walletId: string;

  @Id('The account of the operator that owns it.')
  userId: string;

  @Text('Its address: send coins to it.', '0x2222...')
  address: string;

  static of({ wallet, kind, environment, address }: FundingWallet & FundingKind): FundingWalletResponse {
    return { kind, environment, walletId: wallet.id, userId: wallet.userId, address };
  }
}

export class FundingWalletsResponse {
  @ListOf(FundingWalletResponse, 'At most one for each kind of chain and environment.')
  items: readonly FundingWalletResponse[];
}
