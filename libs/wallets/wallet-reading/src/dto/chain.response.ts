import { Count, Flag, Instant, Nested, OneOf, Text } from '@countersign/http';

/** Why nothing is known of a chain. */
export const notFollowedReasons = ['not_configured', 'not_followed', 'unreadable'] as const;
export type NotFollowedReason = (typeof notFollowedReasons)[number];

/**
 * - `starting`: no block is read yet
 * - `catching-up`: blocks that the chain has are not read yet
 * - `following`: all blocks are read that a node reported
 * - `waiting`: the nodes give nothing usable; tried again
 * - `stopped`: the chain contradicts a final block; nothing is changed before it does no longer
 */
export const readingStates = ['starting', 'catching-up', 'following', 'waiting', 'stopped'] as const;
export type ReadingState = (typeof readingStates)[number];

/** Where the list of transactions comes from. */
export const historySources = ['scan', 'indexer', 'none'] as const;
export type HistorySource = (typeof historySources)[number];

export const INSTANT = '2026-11-20T08:00:00.000Z';
export const HASH = '0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6';
export const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

/** What changes a wallet and is not listed. */
export const unseenKinds = [
  'before_since',
  'coins_before_since',
  'contract_transfers',
  'block_rewards',
  'rebasing',
  'unread_logs',
  'unlisted_jettons',
] as const;
export type Unseen = (typeof unseenKinds)[number];

export class BlockResponse {
  @Count('Its number.', 23846120)
  number: number;

  @Text('Its hash. `null` where only its number is known.', HASH, { nullable: true })
  hash: string | null;
}

/** How far a chain is read. */
export class ChainReadingResponse {
  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @Text('The name of the chain.', 'ethereum')
  name: string;

  @OneOf(
    readingStates,
    '`starting`: nothing is read yet. `catching-up`: blocks of the chain are not read yet. `following`: all are. `waiting`: its nodes give nothing usable. `stopped`: the chain contradicts a block that was final; nothing is changed before an operator has looked.',
    'following',
  )
  state: ReadingState;

  @OneOf(
    historySources,
    'How transactions are read. `scan`: from blocks, from `since` on. `indexer`: as an indexer lists them. `none`: they are not.',
    'scan',
  )
  history: HistorySource;

  @Flag(
    'Whether nothing is missing but what `unseen` names: of a scan, that nothing since then is lost; of an indexer, that it says so and each of its rows can be read, and on TON that two list the same.',
    true,
  )
  isComplete: boolean;

  @Nested(
    BlockResponse,
    'The last block that is read; where `history` is not `scan`, the final one. `null` before the first, and where nodes do not answer.',
    { nullable: true },
  )
  asOfBlock: BlockResponse | null;

  @Count('Up to this block nothing changes any more.', 23846056, { nullable: true })
  finalBlock: number | null;

  @Count(
    'From this block on the wallet is followed. `null`: from the next one, or where `history` is not `scan`.',
    23840000,
    {
      nullable: true,
    },
  )
  since: number | null;

  @Flag(
    'Whether something since then is missing for good: a key or a row of the wallet could not be opened for a while. Unlinking and linking the wallet begins anew.',
    false,
  )
  hasGap: boolean;

  @Count(
    'From this block on to `since` transactions with token transfers of the wallet are listed too: they were searched by its address. No `change` has them. `null`: none were searched, or not yet.',
    23624000,
    { nullable: true },
  )
  filledFrom: number | null;

  @Count(
    'How many transfers in final blocks are not stored: of tokens that the operator does not list, other than by the wallet’s own doing, beyond 10,000; and beyond 500 in one block.',
    0,
  )
  omittedTransfers: number;

  @Instant(
    'Since when the answer may be out of date: the chain could not be read. `null` while it is current.',
    null,
    { nullable: true },
  )
  staleSince: string | null;

  @OneOf(
    unseenKinds,
    'What changes the wallet and is in no listed transaction, nor in `change`. `before_since`: everything before block `since`, or before `filledFrom` where that is not `null`. `coins_before_since`: from `filledFrom` on to `since`, transactions that moved coins of the chain only. `contract_transfers`: coins that contracts move inside of a transaction. `block_rewards`: rewards and tips of blocks; withdrawals from staking too where `history` is `indexer`. `rebasing`: tokens that change balances, or take a fee, without a transfer. `unread_logs`: tokens that log nothing, or not as ERC-20, ERC-721 and ERC-1155 say. `unlisted_jettons`: jettons of TON that the operator does not list.',
    [...unseenKinds],
    { list: {} },
  )
  unseen: Unseen[];
}

export class NotFollowedResponse {
  @Text('CAIP-2.', 'ton:-239')
  chainId: string;

  @OneOf(
    notFollowedReasons,
    '`not_configured`: the operator has named no node. `not_followed`: no reader of this service may ask of it. `unreadable`: what is stored of the wallet cannot be opened any more; unlinking and linking it begins anew.',
    'not_followed',
  )
  reason: NotFollowedReason;
}
