import { verifications, type Verification } from '@countersign/chains';
import { spamReasons, type SpamReason } from '@countersign/transfers';
import { Count, Flag, Instant, ListOf, Nested, OneOf, PageOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ADDRESS, BlockResponse, ChainReadingResponse, HASH, INSTANT } from './chain.response';

const directions = ['in', 'out', 'self'] as const;
export type Direction = (typeof directions)[number];
const kinds = [
  'transaction',
  'log',
  'internal',
  'message',
  'jetton',
  'notification',
  'excess',
  'bounce',
  'burn',
] as const;
export type TransferKind = (typeof kinds)[number];
const statuses = ['succeeded', 'failed'] as const;

export class BlockOfEntryResponse extends BlockResponse {
  @Instant('Its time, as the chain says.', INSTANT)
  at: string;
}

export class TransferResponse extends AssetResponse {
  @OneOf(
    kinds,
    '`transaction`: the value of the transaction. `log`: said by the contract of the asset, which may claim anything. `internal`: coins that a contract moved, as an indexer says: no receipt has them. Of TON: `message`: coins of a message. `jetton`: a transfer that the jetton wallet of this wallet made or took. `notification`: coins that came with the notice of one. `excess`: what was left of a fee. `bounce`: what came back, since its receiver refused it. `burn`: destroyed.',
    'log',
  )
  kind: TransferKind;

  @OneOf(directions, 'Seen from the wallet.', 'in')
  direction: Direction;

  @Text(
    'The other address: of a collectible the zero address where it was minted or burnt. `null` where there is none on this chain.',
    ADDRESS,
    { nullable: true },
  )
  counterparty: string | null;

  @Text('Decimal digits in base units.', '2500000')
  amount: string;

  @Text(
    'Of TON: the comment of the message or of the jetton transfer. Text of a stranger, at most 1,024 bytes, without characters that are not seen; show it as text only. `null` where there is none that can be read.',
    null,
    { nullable: true },
  )
  comment: string | null;

  @OneOf(spamReasons, 'Why it is hidden unless asked for; empty for one that is shown.', [], { list: {} })
  hiddenReasons: SpamReason[];
}

export class TransactionResponse {
  @Text('The hash of the transaction.', HASH)
  hash: string;

  @OneOf(statuses, 'Whether it did what it was sent for.', 'succeeded')
  status: (typeof statuses)[number];

  @Nested(BlockOfEntryResponse, 'The block that has it.')
  block: BlockOfEntryResponse;

  @Flag(
    'Whether its block is final and its contents are verified. Never true where `verification` is not `agreed`.',
    true,
  )
  isFinal: boolean;

  @OneOf(
    verifications,
    '`agreed`: the indexer and a node say the same, on TON two indexers. `single`: one says it.',
    'agreed',
  )
  verification: Verification;

  @Text('Who sent the transaction.', ADDRESS, { nullable: true })
  from: string | null;

  @Text('Whom it was sent to. `null` where it created a contract.', ADDRESS, { nullable: true })
  to: string | null;

  @Text(
    'What the wallet paid for it, in base units of the coin. `null` where another address paid.',
    '21000000000000',
    { nullable: true },
  )
  fee: string | null;

  @Flag('False where the chain charges something besides that is not known.', true)
  isFeeExact: boolean;

  @Count('A transaction with more than 50 transfers is listed as several items, numbered from 0.', 0)
  part: number;

  @Flag('Whether all of its transfers look like spam.', false)
  isHidden: boolean;

  @ListOf(TransferResponse, 'What it moved from or to the wallet.')
  transfers: TransferResponse[];
}

export class TransactionsPage extends PageOf(TransactionResponse, 'Newest first.') {
  @Nested(ChainReadingResponse, 'What was asked of the chain.')
  chain: ChainReadingResponse;
}
