import { Integer, ObjectOf, TakesValuesUpTo, Text } from '@countersign/http';
import { XellarNetworkRequest } from './signing.dto';

const ADDRESS = '0x2222222222222222222222222222222222222222';
const MAX_VALUES = 200;

/** The kind of call decides which members are required. */
@TakesValuesUpTo(MAX_VALUES)
export class XellarSendRequest extends XellarNetworkRequest {
  @Text('The recipient.', ADDRESS, { input: 'optional', max: 100 })
  to?: string;

  @Text('In whole coins or tokens.', '0.015', { input: 'optional', max: 100 })
  amount?: string;

  @Text('Of ERC-1155, instead of `amount`.', '1', { input: 'optional', max: 100 })
  tokenAmount?: string;

  @Text('Of a collectible.', '1', { input: 'optional', max: 100 })
  tokenId?: string;

  @Text('The contract of the token.', ADDRESS, { input: 'optional', max: 100 })
  tokenAddress?: string;

  @ObjectOf(true, '`to`, and `data` or `value`.', { to: ADDRESS, value: '1' }, { input: 'optional' })
  transaction?: Record<string, unknown>;
}

@TakesValuesUpTo(MAX_VALUES)
export class XellarEstimateRequest extends XellarSendRequest {
  @Text('`send-coin`, `send-token`, `transfer-erc721`, `transfer-erc1155` or `custom`.', 'send-coin', {
    input: 'required',
    max: 40,
  })
  type: string;
}

export class XellarSentResponse {
  @ObjectOf(
    true,
    'The transaction as it was signed: `hash`, `from`, `to`, `value`, `data`, `nonce`, `gasLimit`, fees, `chainId`, `type`, `signature`. `blockNumber` and `blockHash` are `null`: no block has it yet.',
    { _type: 'TransactionReceipt', nonce: 0, blockNumber: null },
  )
  txReceipt: object;
}

export class XellarCancelRequest extends XellarNetworkRequest {
  @Integer('The nonce of what to cancel.', 7, { input: 'required', min: 0, max: Number.MAX_SAFE_INTEGER })
  nonce: number;
}

export class XellarCancelledResponse {
  @Text('The hash of the transaction that moves nothing.', `0x${'ab'.repeat(32)}`)
  hash: string;
}
