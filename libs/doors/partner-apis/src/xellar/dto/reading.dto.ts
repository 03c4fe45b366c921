import { verifications, type Verification } from '@countersign/chains';
import { Integer, ListOf, Matching, Nested, ObjectOf, OneOf, Text } from '@countersign/http';
import { XellarNetworkRequest } from './signing.dto';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const TOKEN = '0x2222222222222222222222222222222222222222';
const MAX_TOKENS = 50;

export class XellarTokenRequest extends XellarNetworkRequest {
  @Matching('The contract of ERC-20.', TOKEN, { input: 'required', pattern: ADDRESS })
  tokenAddress: string;
}

export class XellarTokensRequest extends XellarNetworkRequest {
  @Text('Contracts.', [TOKEN], { input: 'required', list: { min: 1, max: MAX_TOKENS }, pattern: ADDRESS })
  tokenAddresses: readonly string[];
}

export class XellarTransactionDetailRequest extends XellarNetworkRequest {
  @Matching('The transaction.', `0x${'ab'.repeat(32)}`, { input: 'required', pattern: /^0x[0-9a-fA-F]{64}$/ })
  transactionHash: string;
}

export class XellarBalanceResponse {
  @Text('In whole coins or tokens.', '0.02')
  balance: string;

  @Text('`null` for a token without one.', 'ETH', { nullable: true })
  symbol: string | null;

  @Text('Of the wallet.', TOKEN)
  address: string;

  @OneOf(verifications, '`agreed` where two nodes say so, `single` where the chain has one.', 'agreed')
  verification: Verification;
}

const unknownReasons = ['away', 'differ', 'no_token'] as const;

export class XellarTokenBalance {
  @Text('In whole tokens; `null` where it is not known.', '90.0', { nullable: true })
  balance: string | null;

  @Text('`null` where it is not known.', 'USDC', { nullable: true })
  symbol: string | null;

  @Integer('`null` where they are not known.', 6, { nullable: true })
  decimals: number | null;

  @OneOf(unknownReasons, 'Why the balance is not known.', null, { nullable: true })
  reason: (typeof unknownReasons)[number] | null;

  @OneOf(verifications, 'As in `balance-token`; `none` where the balance is not known.', 'agreed')
  verification: Verification;
}

export class XellarTokensResponse {
  @Text('Of the wallet.', TOKEN)
  address: string;

  @ListOf(XellarTokenBalance, 'In the order of `tokenAddresses`.')
  tokens: readonly XellarTokenBalance[];
}

export class XellarTransactionDetailResponse {
  @ObjectOf(
    true,
    'The receipt: `blockHash`, `blockNumber`, `contractAddress`, `cumulativeGasUsed`, `from`, `gasPrice`, `gasUsed`, `hash`, `index`, `logs`, `logsBloom`, `status`, `to`.',
    { _type: 'TransactionReceipt', blockNumber: 19, status: 1 },
  )
  transactionDetail: object;
}

class XellarGas {
  @Text('A fifth above what two nodes say.', '25200')
  gasLimit: string;

  @Text('For a transaction without the other two.', '2000000000')
  gasPrice: string;

  @Text('`null` on chains without EIP-1559.', '2000000000', { nullable: true })
  maxFeePerGas: string | null;

  @Text('`null` on chains without EIP-1559.', '1000000000', { nullable: true })
  maxPriorityFeePerGas: string | null;
}

export class XellarEstimateResponse {
  @Nested(XellarGas, 'In the smallest unit of the coin.')
  estimateGas: XellarGas;
}
