import { Count, Instant, Nested, OneOf, Text } from '@countersign/http';
import { BlockResponse, HASH, INSTANT, readingStates, type ReadingState } from '@countersign/wallet-reading';
import type { Position } from '../../store/positions.repository';

/** How far a chain is read, and why no further. */
export class ChainFollowerResponse {
  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @OneOf(
    readingStates,
    '`starting`: nothing is read yet. `catching-up`: blocks are not read yet. `following`: all are. `waiting`: its nodes give nothing usable, or do not agree. `stopped`: they contradict a block that is final here.',
    'following',
  )
  state: ReadingState;

  @Text('Why it waits or stopped; null while it does not. Nodes are named by their index.', null, {
    nullable: true,
  })
  fault: string | null;

  @Instant('Since when it is so.', INSTANT)
  stateSince: string;

  @Instant('When a node last agreed that the last block that is read is the head of the chain.', INSTANT, {
    nullable: true,
  })
  confirmedAt: string | null;

  @Nested(BlockResponse, 'The last block that is read. `null` before the first.', {
    nullable: true,
    schema: { example: { number: 23846120, hash: HASH } },
  })
  lastBlock: BlockResponse | null;

  @Count('Up to this block nothing changes any more, unless the chain is reset.', 23846056, {
    nullable: true,
  })
  finalBlock: number | null;

  @Count('The highest block that a node reported.', 23846120, { nullable: true })
  headBlock: number | null;

  static of(position: Position): ChainFollowerResponse {
    const { chainId, state, fault, stateSince, confirmedAt, tipNumber, tipHash } = position;
    return {
      chainId,
      state,
      fault,
      stateSince: stateSince.toISOString(),
      confirmedAt: confirmedAt?.toISOString() ?? null,
      lastBlock: tipNumber !== null && tipHash !== null ? { number: tipNumber, hash: tipHash } : null,
      finalBlock: position.finalNumber,
      headBlock: position.headNumber,
    };
  }
}
