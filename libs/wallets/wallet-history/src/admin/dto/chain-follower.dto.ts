import { ApiProperty } from '@nestjs/swagger';
import { BlockResponse, HASH, INSTANT } from '../../dto/chain.response';
import { chainStates, type ChainState } from '../../store/chain.entities';
import type { Position } from '../../store/positions.repository';

/** How far a chain is read, and why no further. */
export class ChainFollowerResponse {
  @ApiProperty({ description: 'CAIP-2.', example: 'eip155:1' })
  chainId: string;

  @ApiProperty({
    enum: [...chainStates],
    description:
      '`starting`: nothing is read yet. `catching-up`: blocks are not read yet. `following`: all are. `waiting`: its nodes give nothing usable, or do not agree. `stopped`: they contradict a block that is final here.',
    example: 'following',
  })
  state: ChainState;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it waits or stopped; null while it does not. Nodes are named by their places.',
    example: null,
  })
  fault: string | null;

  @ApiProperty({ format: 'date-time', description: 'Since when it is so.', example: INSTANT })
  stateSince: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a node last agreed that the last block that is read is the head of the chain.',
    example: INSTANT,
  })
  confirmedAt: string | null;

  @ApiProperty({
    type: BlockResponse,
    nullable: true,
    description: 'The last block that is read. `null` before the first.',
    example: { number: 23846120, hash: HASH },
  })
  lastBlock: BlockResponse | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'Up to this block nothing changes any more, unless the chain is reset.',
    example: 23846056,
  })
  finalBlock: number | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'The highest block that a node told.',
    example: 23846120,
  })
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
