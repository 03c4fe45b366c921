import { verifications, type Verification } from '@countersign/chains';
import { ListOf, OneOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ChainReadingResponse, NotFollowedResponse } from './chain.response';

const ABOUT_AMOUNTS = 'Decimal digits in base units: divide by ten to the power of `decimals`.';

export const amountReasons = ['not_asked', 'away', 'differ', 'state_unknown'] as const;
export type AmountReason = (typeof amountReasons)[number];

export const ABOUT_REASONS =
  '`not_asked`: there were too many assets. `away`: fewer nodes answer than have to agree. `differ`: nodes give different answers about the same block. `state_unknown`: a node does not know the state of the block, or the contract gives no number.';

export class BalanceResponse extends AssetResponse {
  @Text(
    `What the wallet has at \`asOfBlock\`, as two nodes say, or the only one that is configured: see \`verification\`. \`null\` where that is not known: see \`amountReason\`. ${ABOUT_AMOUNTS}`,
    '1250000000',
    { nullable: true },
  )
  amount: string | null;

  @OneOf(amountReasons, `Why \`amount\` is \`null\`. ${ABOUT_REASONS}`, 'differ', { nullable: true })
  amountReason: AmountReason | null;

  @OneOf(
    verifications,
    '`agreed`: two nodes say the same. `single`: only one says it. `none`: it is not known.',
    'agreed',
  )
  verification: Verification;
}

export class ChainBalancesResponse extends ChainReadingResponse {
  @ListOf(BalanceResponse, 'The coin of the chain first, then the tokens that the operator lists.')
  balances: BalanceResponse[];
}

export class BalancesResponse {
  @ListOf(ChainBalancesResponse, 'The chains that are followed for the wallet.')
  chains: ChainBalancesResponse[];

  @ListOf(
    NotFollowedResponse,
    'Other chains of the wallet. Nothing is known of these, nor of any that is not named.',
  )
  notFollowed: NotFollowedResponse[];
}
