import { Count, Flag, ListOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ChainReadingResponse, NotFollowedResponse } from './chain.response';

const ABOUT_AMOUNTS = 'Decimal digits in base units: divide by ten to the power of `decimals`.';

export class BalanceResponse extends AssetResponse {
  @Text(
    `What the wallet has, as a node says at \`asOfBlock\`. \`null\` where no node was asked or none answered: then \`change\` is all that is known. ${ABOUT_AMOUNTS}`,
    '1250000000',
    { nullable: true },
  )
  amount: string | null;

  @Text(
    `What the transfers changed that were seen from block \`since\` on, fees included; with a minus where more went than came. ${ABOUT_AMOUNTS}`,
    '-250000000',
  )
  change: string;

  @Flag(
    'Whether all transfers that were seen are in `change`. False where some of its contract, or of the wallet, are not stored.',
    true,
  )
  isChangeExact: boolean;

  @Text(`The part of \`change\` in final blocks. ${ABOUT_AMOUNTS}`, '-250000000')
  finalChange: string;

  @Flag('Whether all of `change` is final.', true)
  isFinal: boolean;

  @Text(
    `What changed besides the transfers that were seen: value that contracts moved, rewards, or tokens that change balances by themselves. \`null\` where it is not known, as where \`isChangeExact\` is false. ${ABOUT_AMOUNTS}`,
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
