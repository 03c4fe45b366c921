import { verifications, type Verification } from '@countersign/chains';
import { Count, Flag, ListOf, OneOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ChainReadingResponse, NotFollowedResponse } from './chain.response';

const ABOUT_AMOUNTS = 'Decimal digits in base units: divide by ten to the power of `decimals`.';

/** Why it is not known how much a wallet has. */
export const amountReasons = ['not_asked', 'away', 'differ', 'state_unknown'] as const;
export type AmountReason = (typeof amountReasons)[number];

export const ABOUT_REASONS =
  '`not_asked`: nodes may not learn addresses, there were too many assets, or no block is read yet. `away`: fewer nodes answer than have to agree. `differ`: nodes give different answers about the same block. `state_unknown`: a node does not know the state of the block, or the contract gives no number.';

export class BalanceResponse extends AssetResponse {
  @Text(
    `What the wallet has at \`asOfBlock\`, as two nodes say, or the only one that is configured: see \`verification\`. A reorganisation may change it. \`null\` where that is not known: see \`amountReason\`. ${ABOUT_AMOUNTS}`,
    '1250000000',
    { nullable: true },
  )
  amount: string | null;

  @Text(
    `The same at \`finalBlock\`: it does not change any more. \`null\` where \`verification\` is \`none\`. ${ABOUT_AMOUNTS}`,
    '1250000000',
    {
      nullable: true,
    },
  )
  finalAmount: string | null;

  @OneOf(amountReasons, `Why \`amount\` or \`finalAmount\` is \`null\`. ${ABOUT_REASONS}`, 'differ', {
    nullable: true,
  })
  amountReason: AmountReason | null;

  @OneOf(
    verifications,
    '`agreed`: two nodes gave the same `amount` and `finalAmount`, as far as these are not `null`. `none`: only one node is configured, or neither is known.',
    'agreed',
  )
  verification: Verification;

  @Text(
    `What the transfers changed that were seen from block \`since\` on, fees included; with a minus where more went than came. \`null\` where \`history\` is not \`scan\`. ${ABOUT_AMOUNTS}`,
    '-250000000',
    { nullable: true },
  )
  change: string | null;

  @Flag(
    'Whether `change` is all that changed since block `since`. `true` where `unexplained` is 0. `false` where something else changed, as with tokens that change balances without a transfer, or where seen transfers are not stored. `null` where it is not known, as where no node is asked.',
    true,
    { nullable: true },
  )
  isChangeExact: boolean | null;

  @Text(`What of \`change\` is in final blocks. ${ABOUT_AMOUNTS}`, '-250000000', { nullable: true })
  finalChange: string | null;

  @Flag('Whether all of `change` is in final blocks. It says nothing of `amount`.', true, { nullable: true })
  isChangeFinal: boolean | null;

  @Text(
    `What changed besides the transfers that were seen: value that contracts moved, rewards, wrapped coins, or tokens that change balances by themselves. \`null\` where it is not known: no node is asked, a node no longer knows the state before \`since\`, or seen transfers are not stored. ${ABOUT_AMOUNTS}`,
    '0',
    { nullable: true },
  )
  unexplained: string | null;

  @Flag('Whether all of its transfers look like spam.', false)
  isHidden: boolean;
}

export class ChainBalancesResponse extends ChainReadingResponse {
  @ListOf(
    BalanceResponse,
    'The coin of the chain first, then the tokens that the operator lists, then others: of a scan in the order of their first transfers, of an indexer of an EVM chain with the last transfer first, of TON as the indexer lists them.',
  )
  balances: BalanceResponse[];

  @Count('How many of `balances` have the `amountReason` `not_asked`.', 0)
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
