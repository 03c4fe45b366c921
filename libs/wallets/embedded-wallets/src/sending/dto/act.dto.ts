import { actNames } from '../../acts/acts';
import { SignatureResponse } from '../../dto/embedded-wallet.dto';
import {
  Count,
  Flag,
  Id,
  IdInPath,
  Instant,
  ListOf,
  Matching,
  Nested,
  ObjectOf,
  OneOf,
  PageOf,
  TakesLines,
  TakesValuesUpTo,
  Text,
  toResponse,
} from '@countersign/http';
import { tonOutcomes, type TonOutcome } from '@countersign/transfers';
import type { DecodedActJson } from '@countersign/wallet-acts';
import { sendStates, versionKinds, type StoredState, type VersionKind } from '../store/send.entities';
import type { StoredSend } from '../store/stored-sends';

const kinds = [...actNames, 'unfreeze', 'way-out'] as const;
/** Typed data may have long lists. */
const MAX_VALUES = 5_000;

@TakesLines()
@TakesValuesUpTo(MAX_VALUES)
export class ActRequest {
  @OneOf(kinds, 'What the wallet is to do.', 'sign-message', { input: 'required' })
  kind: (typeof kinds)[number];

  @Text(
    'CAIP-2: the chain that it is for. Needed for what is signed or sent, but for `ton-proof`.',
    'eip155:1',
    {
      input: 'optional',
      max: 40,
    },
  )
  chainId?: string;

  @ObjectOf(
    true,
    '`sign-message`: `message`, `encoding` (`text`, `hex`). `sign-typed-data`: `typedData`. `sign-transaction`: `transaction`. `ton-proof`: `domain`, `payload`. `way-out`: `address`, and `tonAddress` for what is on TON. `send`: `kind` and its members, amounts as decimal text in the smallest unit: `coin`: `to`, `amount`; `token`: `token`, `to`, `amount`; `collectible`: `standard`, `contract`, `tokenId`, `to`, for ERC-1155 `amount`; `call`: `contract`, `data`, `value`; on TON `coin`: `to`, `amount`; `jetton`: `master`, `to`, `amount`; both may have a `comment`; `collectible`: `item`, `to`.',
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

const HASH = '0x5f...';

export class SendVersionResponse {
  @Text('Of the transaction; on TON of the message, normalised (TEP-467), in hex.', HASH)
  hash: string;

  @OneOf(versionKinds, 'Any version may be the one that a block gets.', 'first')
  kind: VersionKind;

  @Instant('When it was signed.')
  createdAt: string;
}

class SendBlockResponse {
  @Text('Of the version that it has; after a restore it may be one that `versions` lacks.', HASH)
  transaction: string;

  @OneOf(versionKinds, 'Which version it has. With `cancel` nothing was sent.', 'first')
  kind: VersionKind;

  @Count('Its number.', 23846120)
  number: number;

  @Text('Its hash.', HASH)
  hash: string;

  @Flag('Whether the transaction did what it was to do; `false`: it was reverted.', true)
  isSuccessful: boolean;
}

export class SendResponse {
  @Id('The send.')
  sendId: string;

  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @OneOf(
    sendStates,
    '`broadcasting`: given to the nodes until a block has it. `mined`: two nodes have it in a block. `final`, `failed`: two nodes call that block final; `failed` was reverted, and with `block.kind` `cancel` nothing was sent. `replaced`: a transaction of another sender has its nonce in a final block, and this one is never done. `not-sent`: it moved nothing and never will. On TON: `mined`: the wallet sent its message; `final`, `failed`: see `outcome`.',
    'broadcasting',
  )
  state: StoredState;

  @Count('Of the transaction, on TON the seqno.', 0)
  nonce: number;

  @ObjectOf(true, 'What the signed bytes say.', { kind: 'transaction', summary: ['Send 1 coin.'] })
  details: DecodedActJson;

  @ListOf(SendVersionResponse, 'Oldest first.')
  versions: readonly SendVersionResponse[];

  @Nested(SendBlockResponse, 'The block that has it; `null` while none has, and on TON.', { nullable: true })
  block: SendBlockResponse | null;

  @OneOf(
    tonOutcomes,
    'On TON: `delivered` to the receiver; `bounced`: it came back; `failed`: a contract on the way, or the wallet, did not do it; `unknown`: a contract follows no standard. `null` until then.',
    'delivered',
    { nullable: true },
  )
  outcome: TonOutcome | null;

  @Text('The transaction that replaced it; `null` unless `replaced`, and on TON.', null, { nullable: true })
  replacedBy: string | null;

  @Instant('When it was asked for.')
  createdAt: string;
}

export class SendPage extends PageOf(SendResponse, 'Newest first.') {}

export class PerformedActResponse extends SignatureResponse {
  @Nested(SendResponse, '`null` of a signature.', { nullable: true })
  send: SendResponse | null;
}

export const SendInPath = (): ParameterDecorator => IdInPath('sendId', 'send.not_found', 'The send.');

export function toSendResponse({ send, details, outcome, versions }: StoredSend): SendResponse {
  const mined = outcome && 'version' in outcome ? outcome : null;
  return toResponse(SendResponse, {
    ...send,
    sendId: send.id,
    nonce: Number(send.nonce),
    details,
    versions: versions.map((version) => toResponse(SendVersionResponse, version)),
    block: mined && {
      transaction: mined.unstoredHash ?? versions[mined.version - 1]?.hash ?? '',
      kind: versions[mined.version - 1]?.kind ?? 'first',
      number: mined.blockNumber,
      hash: mined.blockHash,
      isSuccessful: mined.succeeded,
    },
    outcome: outcome && 'outcome' in outcome ? outcome.outcome : null,
    replacedBy: outcome && 'by' in outcome ? outcome.by : null,
  });
}
