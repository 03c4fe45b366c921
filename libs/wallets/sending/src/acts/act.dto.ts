import { actNames, SignatureResponse } from '@countersign/embedded-wallets';
import { Matching, Nested, ObjectOf, OneOf, TakesLines, TakesValuesUpTo, Text } from '@countersign/http';
import { SendResponse } from '../dto/send.response';

const kinds = [...actNames, 'unfreeze'] as const;
/** Typed data with lists. */
const MAX_VALUES = 5_000;

@TakesLines()
@TakesValuesUpTo(MAX_VALUES)
export class ActRequest {
  @OneOf(kinds, 'What the wallet is to do.', 'sign-message', { input: 'required' })
  kind: (typeof kinds)[number];

  @Text(
    'CAIP-2: the chain that it is for. Needed for what is signed or sent, but for `ton-proof` and `ton-data`.',
    'eip155:1',
    {
      input: 'optional',
      max: 40,
    },
  )
  chainId?: string;

  @ObjectOf(
    true,
    '`sign-message`: `message`, `encoding` (`text`, `hex`). `sign-typed-data`: `typedData`. `sign-transaction`: `transaction`. `ton-proof`: `domain`, `payload`. `ton-data`: `domain`, `data`. `send`: `kind` and its members, amounts as decimal text in the smallest unit: `coin`: `to`, `amount`; `token`: `token`, `to`, `amount`; `collectible`: `standard`, `contract`, `tokenId`, `to`, for ERC-1155 `amount`; `call`: `contract`, `data`, `value`; on TON `coin`: `to`, `amount`; `jetton`: `master`, `to`, `amount`; both may have a `comment`; `collectible`: `item`, `to`.',
    { message: 'Hello', encoding: 'text' },
    { input: 'optional' },
  )
  request?: Record<string, unknown>;

  @Matching(
    'Of the caller’s choice, for this act alone: the same key always answers the same act, once it was performed.',
    '5b1f0c1e-send',
    { input: 'optional', pattern: /^[\x21-\x7e]{1,255}$/, message: 'must have 1 to 255 visible characters' },
  )
  key?: string;
}

/** A signature or a send. */
export class PerformedActResponse extends SignatureResponse {
  @Nested(SendResponse, '`null` of a signature.', { nullable: true })
  send: SendResponse | null;
}
