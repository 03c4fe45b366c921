import { Count, Flag, Instant, Nested, OneOf, Text, toResponse } from '@countersign/http';
import type { Chain } from '@countersign/chains';

const notFollowedReasons = ['not_configured', 'not_followed'] as const;
type NotFollowedReason = (typeof notFollowedReasons)[number];

export const INSTANT = '2026-11-20T08:00:00.000Z';
export const HASH = '0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6';
export const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

export class BlockResponse {
  @Count('Its number.', 23846120)
  number: number;

  @Text('Its hash. `null` where neither an indexer nor a node gave it.', HASH, { nullable: true })
  hash: string | null;
}

export class ChainReadingResponse {
  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @Text('The name of the chain.', 'ethereum')
  name: string;

  @Flag('Whether an indexer lists transactions and collectibles of it.', true)
  hasHistory: boolean;

  @Flag(
    'Whether the indexer says that its list is complete and each row of it can be read, and on TON whether two list the same. Rewards of blocks, and tokens that change balances without a transfer, are never listed. `false` without an indexer.',
    true,
  )
  isComplete: boolean;

  @Nested(BlockResponse, 'The final block that the answer is of. `null` where too few nodes answer.', {
    nullable: true,
  })
  asOfBlock: BlockResponse | null;

  @Instant(
    'Since when the answer may be out of date: the chain could not be read. `null` while it is current.',
    null,
    { nullable: true },
  )
  staleSince: string | null;
}

export class NotFollowedResponse {
  @Text('CAIP-2.', 'ton:-239')
  chainId: string;

  @OneOf(
    notFollowedReasons,
    '`not_configured`: the operator has named no node. `not_followed`: no reader of this service may ask of it.',
    'not_followed',
  )
  reason: NotFollowedReason;
}

interface ChainReading {
  readonly isComplete: boolean;
  /** The final block of the answer; `null` if too few nodes answered. */
  readonly final: BlockResponse | null;
  readonly staleSince: Date | null;
}

export function toChainReading(chain: Chain, reading: ChainReading): ChainReadingResponse {
  return toResponse(ChainReadingResponse, {
    ...chain,
    ...reading,
    chainId: chain.id,
    hasHistory: chain.indexerCount > 0,
    asOfBlock: reading.final,
  });
}
