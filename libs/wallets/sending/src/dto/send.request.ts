import { Matching, ObjectOf, TakesLines, TakesValuesUpTo, Text } from '@countersign/http';

const MAX_VALUES = 1_000;

/** What every call that sends has. */
export class SpendRequest {
  @Text('For `send`, of this session and exactly this request.', 'cs_wt_...', { input: 'required', max: 256 })
  walletToken: string;

  @Text('CAIP-2.', 'eip155:1', { input: 'required', max: 40 })
  chainId: string;

  @Matching('`details.maxFee` of the token: the most that it costs.', '630000000000000', {
    input: 'required',
    pattern: /^(?:0|[1-9]\d{0,30})$/,
    message: 'must be decimal text',
  })
  maxFee: string;
}

@TakesLines()
@TakesValuesUpTo(MAX_VALUES)
export class SendRequest extends SpendRequest {
  @Matching(
    'Of the caller’s choice, for this send alone: the same key always answers the same send.',
    '5b1f0c1e-send',
    { input: 'required', pattern: /^[\x21-\x7e]{1,255}$/, message: 'must have 1 to 255 visible characters' },
  )
  key: string;

  @ObjectOf(
    true,
    '`kind` and its members, amounts as decimal text in the smallest unit. `coin`: `to`, `amount`. `token`: `token`, `to`, `amount`. `collectible`: `standard`, `contract`, `tokenId`, `to`, for ERC-1155 `amount`. `call`: `contract`, `data`, `value`. On TON: `coin`: `to`, `amount`; `jetton`: `master`, `to`, `amount`; both may have a `comment`; `collectible`: `item`, `to`.',
    { kind: 'coin', to: '0x2222222222222222222222222222222222222222', amount: '1000' },
    { input: 'required' },
  )
  request: Record<string, unknown>;
}
