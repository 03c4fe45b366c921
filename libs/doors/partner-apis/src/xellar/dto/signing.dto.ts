import { Matching, ObjectOf, TakesLines, TakesValuesUpTo, Text } from '@countersign/http';

/** The signing rules refuse longer texts anyway. */
const MAX_TEXT = 65_536;
const MAX_VALUES = 200;

export class XellarNetworkRequest {
  @Text('The network by its name. Needed without `chainId`.', 'ethereum', { input: 'optional', max: 64 })
  network?: string;

  @Matching('The EVM chain id, without `network`.', '1', { input: 'optional', pattern: /^\d{1,16}$/ })
  chainId?: string;
}

@TakesLines()
export class XellarMessageRequest extends XellarNetworkRequest {
  @Text('Text, which is signed by EIP-191.', 'Hello', { input: 'required', max: MAX_TEXT })
  message: string;
}

@TakesLines()
export class XellarTypedDataRequest extends XellarNetworkRequest {
  @Text('JSON of `eth_signTypedData_v4`.', '{"domain":{},"types":{}}', { input: 'required', max: MAX_TEXT })
  data: string;
}

@TakesValuesUpTo(MAX_VALUES)
export class XellarTransactionRequest extends XellarNetworkRequest {
  @ObjectOf(
    true,
    '`to`, `data` and `value`. `nonce`, `gasLimit`, and `gasPrice` or `maxFeePerGas` with `maxPriorityFeePerGas` are filled in where they are absent.',
    { to: '0x2222222222222222222222222222222222222222', data: '0x', nonce: 0, gasLimit: '21000' },
    { input: 'required' },
  )
  transaction: Record<string, unknown>;
}

export class XellarSignatureResponse {
  @Text('`0x` and hex of 65 bytes.', '0x1f2e...1b')
  signature: string;
}

export class XellarSignedTransactionResponse {
  @Text('The signed transaction, `0x` and hex. It was not sent.', '0x02f8...')
  signedTransaction: string;
}
