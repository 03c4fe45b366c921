import { ApiProperty } from '@nestjs/swagger';
import { notFollowedReasons, type NotFollowedReason } from '../reading/followed-chains';
import type { WalletOnChain } from '../reading/wallet-reading.service';
import { chainStates, type ChainState } from '../store/chain.entities';

export const INSTANT = '2026-11-20T08:00:00.000Z';
export const HASH = '0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6';
export const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

/** What happens to a wallet and no block tells in a form that is read. */
export const unseenKinds = [
  'before_since',
  'coins_before_since',
  'contract_transfers',
  'block_rewards',
  'rebasing',
  'unread_logs',
] as const;
type Unseen = (typeof unseenKinds)[number];

export class BlockResponse {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Its number.', example: 23846120 })
  number: number;

  @ApiProperty({ description: 'Its hash.', example: HASH })
  hash: string;
}

/** How far a chain is read. */
export class ChainReadingResponse {
  @ApiProperty({ description: 'CAIP-2.', example: 'eip155:1' })
  chainId: string;

  @ApiProperty({ description: 'The name of the chain.', example: 'ethereum' })
  name: string;

  @ApiProperty({
    description:
      '`starting`: nothing is read yet. `catching-up`: blocks of the chain are not read yet. `following`: all are. `waiting`: its nodes give nothing usable. `stopped`: the chain contradicts a block that was final; nothing is changed before an operator has looked.',
    enum: [...chainStates],
    example: 'following',
  })
  state: ChainState;

  @ApiProperty({
    type: BlockResponse,
    nullable: true,
    description: 'The last block that is read. `null` before the first.',
  })
  asOfBlock: BlockResponse | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description: 'Up to this block nothing changes any more.',
    example: 23846056,
  })
  finalBlock: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description: 'From this block on the wallet is followed. `null`: from the next one.',
    example: 23840000,
  })
  since: number | null;

  @ApiProperty({
    description:
      'Whether something since then is missing for good: a key or a row of the wallet could not be opened for a while. Unlinking and linking the wallet begins anew.',
    example: false,
  })
  hasGap: boolean;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description:
      'From this block on to `since` transactions with token transfers of the wallet are told too: they were searched by its address. No `change` has them. `null`: none were searched, or not yet.',
    example: 23624000,
  })
  filledFrom: number | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description:
      'How many transfers in final blocks are not stored: of tokens that the operator does not list, other than by the wallet’s own doing, beyond 10,000; and beyond 500 in one block.',
    example: 0,
  })
  omittedTransfers: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Since when what is told may be out of date: the chain could not be read. `null` while it is current.',
    example: null,
  })
  staleSince: string | null;

  @ApiProperty({
    description:
      'What changes the wallet and is in no transaction that is told, nor in `change`. `before_since`: everything before block `since`, or before `filledFrom` where that is not `null`. `coins_before_since`: from `filledFrom` on to `since`, transactions that moved coins of the chain only. `contract_transfers`: coins that contracts move inside of a transaction. `block_rewards`: rewards and tips of blocks. `rebasing`: tokens that change balances, or take a fee, without a transfer. `unread_logs`: tokens that log nothing, or not as ERC-20, ERC-721 and ERC-1155 say.',
    enum: [...unseenKinds],
    isArray: true,
    example: [...unseenKinds],
  })
  unseen: Unseen[];
}

export class NotFollowedResponse {
  @ApiProperty({ description: 'CAIP-2.', example: 'ton:-239' })
  chainId: string;

  @ApiProperty({
    description:
      '`not_configured`: the operator has named no node. `not_followed`: the operator follows it not. `not_supported`: this service cannot. `unreadable`: what is stored of the wallet cannot be opened any more; unlinking and linking it begins anew.',
    enum: [...notFollowedReasons],
    example: 'not_supported',
  })
  reason: NotFollowedReason;
}

export function toChainReading(reading: WalletOnChain): ChainReadingResponse {
  const { chain, state, asOf, finalNumber, fromBlock, filledFrom, hasGap, omissions, staleSince } = reading;
  return {
    chainId: chain.id,
    name: chain.name,
    state,
    asOfBlock: asOf,
    finalBlock: finalNumber,
    since: fromBlock,
    filledFrom,
    hasGap,
    omittedTransfers: omissions.transfers,
    staleSince: staleSince?.toISOString() ?? null,
    // The chain is known from its blocks and receipts alone, whichever it is.
    unseen: unseenKinds.filter((kind) => kind !== 'coins_before_since' || filledFrom !== null),
  };
}
