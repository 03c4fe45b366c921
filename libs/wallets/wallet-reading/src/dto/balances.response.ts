import { verifications, type Verification } from '@countersign/chains';
import { Count, Flag, ListOf, OneOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ChainReadingResponse, NotFollowedResponse } from './chain.response';

/**
 * - `not_asked`: nodes may not learn addresses, or it is beyond the first 50
 * - `away`: too few nodes answered
 * - `differ`: two nodes say different amounts
 * - `state_unknown`: a node does not have that state
 */
export const amountReasons = ['not_asked', 'away', 'differ', 'state_unknown'] as const;
export type AmountReason = (typeof amountReasons)[number];

const ABOUT_AMOUNTS = 'Decimal digits in base units: divide by ten to the power of `decimals`.';

export class BalanceResponse extends AssetResponse {
  @Text(
    `What the wallet has at \`asOfBlock\`. \`null\` where \`amountReason\` says why it is not known. ${ABOUT_AMOUNTS}`,
    '1250000000',
    { nullable: true },
  )
  amount: string | null;

  @Text(
    `What the wallet has at a block that is final. \`null\` where it is not known. ${ABOUT_AMOUNTS}`,
    '1250000000',
    { nullable: true },
  )
  finalAmount: string | null;

  @OneOf(
    amountReasons,
    'Why `amount` is not known; `null` where it is. `not_asked`: nodes may not learn addresses, or it is beyond the first 50. `away`: too few nodes answer. `differ`: two nodes say different amounts. `state_unknown`: a node does not have that state.',
    'away',
    { nullable: true },
  )
  amountReason: AmountReason | null;

  @OneOf(
    verifications,
    'How well `amount` is known. `proven`: recomputed from contents under a hash that two nodes agree on. `agreed`: two say the same. `none`: one says it, or it is not known.',
    'agreed',
  )
  verification: Verification;

  @Text(
    `What the transfers changed that were seen from block \`since\` on, fees included; with a minus where more went than came. \`null\` where no blocks are scanned. ${ABOUT_AMOUNTS}`,
    '-250000000',
    { nullable: true },
  )
  change: string | null;

  @Flag(
    'Whether all transfers that were seen are in `change`. False where some of its contract, or of the wallet, are not stored.',
    true,
    { nullable: true },
  )
  isChangeExact: boolean | null;

  @Text(`The part of \`change\` in final blocks. ${ABOUT_AMOUNTS}`, '-250000000', { nullable: true })
  finalChange: string | null;

  @Flag('Whether all of `change` is final.', true, { nullable: true })
  isChangeFinal: boolean | null;

  @Text(
    `What changed besides the transfers that were seen: value that contracts moved, rewards, or tokens that change balances by themselves. \`null\` where it is not known, as where \`isChangeExact\` is false. ${ABOUT_AMOUNTS}`,
    '0',
    { nullable: true },
  )
  unexplained: string | null;

  @Flag('Whether all of its transfers look like spam, or nothing verifies that it is what it says.', false)
  isHidden: boolean;
}

export class ChainBalancesResponse extends ChainReadingResponse {
  @ListOf(
    BalanceResponse,
    'The coin of the chain first, then the tokens that the operator lists, then others in the order of their first transfer.',
  )
  balances: BalanceResponse[];

  @Count(
    'For how many of the last `balances` no node is asked: for all where nodes may not learn addresses, else for those after the first 50.',
    0,
  )
  notAsked: number;
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
