import { ApiProperty } from '@nestjs/swagger';
import type { Chain } from '@countersign/chains';
import { spamRules, type SpamReason } from '@countersign/evm-blocks';
import { nextCursorField } from '@countersign/http';
import type { AssetEvent } from '../assets';
import type { Direction, EntryTransfer } from '../entry';
import type { KnownTokens } from '../names/known-tokens';
import type { ReadEntry } from '../reading/history-reader';
import type { ChainReading } from '../reading/followed-chains';
import type { ReadPage } from '../reading/wallet-reading.service';
import { toCursor } from './history.query';
import { AssetResponse, shown, toAsset } from './asset.response';
import {
  ADDRESS,
  BlockResponse,
  ChainReadingResponse,
  HASH,
  INSTANT,
  toChainReading,
} from './chain.response';

export const spamReasons = Object.keys(spamRules) as SpamReason[];
export const directions = ['in', 'out', 'self'] as const satisfies readonly Direction[];
const kinds = ['transaction', 'log', 'withdrawal', 'deposit'] as const;
const statuses = ['succeeded', 'failed', 'vanished'] as const;

export class BlockOfEntryResponse extends BlockResponse {
  @ApiProperty({ format: 'date-time', description: 'Its time, as the chain says.', example: INSTANT })
  at: string;
}

export class TransferResponse extends AssetResponse {
  @ApiProperty({
    description:
      '`transaction`: the value of the transaction. `log`: told by the contract of the asset, which may claim anything. `withdrawal`: from staking. `deposit`: from another chain.',
    enum: [...kinds],
    example: 'log',
  })
  kind: EntryTransfer['kind'];

  @ApiProperty({ description: 'Seen from the wallet.', enum: [...directions], example: 'in' })
  direction: Direction;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The other address. `null` where there is none on this chain.',
    example: ADDRESS,
  })
  counterparty: string | null;

  @ApiProperty({ description: 'Decimal digits in base units.', example: '2500000' })
  amount: string;

  @ApiProperty({
    description: 'Why it is hidden unless asked for; empty for one that is shown.',
    enum: spamReasons,
    isArray: true,
    example: [],
  })
  hiddenReasons: SpamReason[];
}

export class TransactionResponse {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The hash of the transaction. `null` for withdrawals.',
    example: HASH,
  })
  hash: string | null;

  @ApiProperty({
    description: '`vanished`: the block is no longer on the chain, and no other block has the transaction.',
    enum: [...statuses],
    example: 'succeeded',
  })
  status: (typeof statuses)[number];

  @ApiProperty({ type: BlockOfEntryResponse, description: 'The block that has it, or had it.' })
  block: BlockOfEntryResponse;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many blocks confirm it, its own included; 0 for one that vanished.',
    example: 12,
  })
  confirmations: number;

  @ApiProperty({ description: 'Whether a reorganisation can no longer change it.', example: true })
  isFinal: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the block turned out to be no longer on the chain.',
    example: null,
  })
  vanishedAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who sent the transaction.', example: ADDRESS })
  from: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Whom it was sent to. `null` where it created a contract, and for withdrawals.',
    example: ADDRESS,
  })
  to: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the wallet paid for it, in base units of the coin. `null` where another address paid.',
    example: '21000000000000',
  })
  fee: string | null;

  @ApiProperty({
    description: 'False where the chain charges something besides that is not known.',
    example: true,
  })
  isFeeExact: boolean;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'A transaction with more than 50 transfers is told in several parts, from 0.',
    example: 0,
  })
  part: number;

  @ApiProperty({ description: 'Whether all of its transfers look like spam.', example: false })
  isHidden: boolean;

  @ApiProperty({ type: [TransferResponse], description: 'What it moved from or to the wallet.' })
  transfers: TransferResponse[];

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description:
      'How many token transfers of the wallet in this block are not stored, since there were more than 500. ' +
      'Quantities of tokens may miss them.',
    example: 0,
  })
  omittedInBlock: number;
}

export class TransactionsPage {
  @ApiProperty({ type: ChainReadingResponse, description: 'How far the chain is read.' })
  chain: ChainReadingResponse;

  @ApiProperty({
    type: [TransactionResponse],
    description: 'Newest first. Those that are not final come first on the first page, beside its limit.',
  })
  items: TransactionResponse[];

  @ApiProperty({
    description:
      'Whether more than 500 are not final: the first page tells 500 of them, and of each block last those that anyone can send. The others are told when they are final.',
    example: false,
  })
  hasMorePending: boolean;

  @ApiProperty(nextCursorField)
  nextCursor: string | null;
}

export function toTransactionsPage({ reading, tokens, items, next }: ReadPage<ReadEntry>): TransactionsPage {
  return {
    chain: toChainReading(reading),
    items: items.map((item) => toTransaction(reading, tokens, item)),
    hasMorePending: reading.hasMorePending,
    nextCursor: toCursor(next),
  };
}

function toTransaction(
  { chain, asOf }: ChainReading,
  tokens: KnownTokens,
  { entry, isFinal, isHidden }: ReadEntry,
): TransactionResponse {
  const { block, transaction, part, transfers, omittedInBlock = 0, vanishedAt } = entry;
  const isFailed = transaction !== null && !transaction.isSuccessful;
  return {
    hash: transaction?.hash ?? null,
    status: vanishedAt !== null ? 'vanished' : isFailed ? 'failed' : 'succeeded',
    block: toBlock(block),
    confirmations: vanishedAt !== null || !asOf ? 0 : Math.max(0, asOf.number - block.number + 1),
    isFinal,
    vanishedAt,
    from: shown(transaction?.from ?? null),
    to: shown(transaction?.to ?? null),
    fee: transaction?.fee ?? null,
    isFeeExact: transaction?.isFeeExact ?? true,
    part,
    isHidden,
    transfers: transfers.map((transfer) => toTransfer(chain, tokens, transfer)),
    omittedInBlock,
  };
}

function toTransfer(chain: Chain, tokens: KnownTokens, transfer: EntryTransfer): TransferResponse {
  const { kind, direction, counterparty, amount, spam } = transfer;
  return {
    ...toAsset(chain, transfer, tokens),
    ...{ kind, direction, counterparty: shown(counterparty), amount, hiddenReasons: [...spam] },
  };
}

export function toBlock({ number, hash, at }: AssetEvent['block']): BlockOfEntryResponse {
  return { number, hash, at: new Date(at * 1_000).toISOString() };
}
