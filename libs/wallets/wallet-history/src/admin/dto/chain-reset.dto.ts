import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { BlockResponse, HASH } from '../../dto/chain.response';
import type { ChainReset } from '../chain-resets';

/** Exact in JSON. */
export const MAX_BLOCK = Number.MAX_SAFE_INTEGER;

export class ResetChainRequest {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: MAX_BLOCK,
    description:
      'The last block whose transactions are kept: a final one from before a node began to lie. The blocks after it are read again.',
    example: 23846056,
  })
  @IsInt()
  @Min(0)
  @Max(MAX_BLOCK)
  lastBlock: number;
}

export class ChainResetResponse {
  @ApiProperty({ description: 'CAIP-2.', example: 'eip155:1' })
  chainId: string;

  @ApiProperty({
    type: BlockResponse,
    description: 'The last block that is kept, as its nodes tell it.',
    example: { number: 23846056, hash: HASH },
  })
  lastBlock: BlockResponse;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many entries of histories were removed. Those that the chain has come back.',
    example: 17,
  })
  removedEntries: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Of how many wallets.', example: 3 })
  wallets: number;

  static of({ chainId, block, removedEntries, wallets }: ChainReset): ChainResetResponse {
    const { number, hash } = block;
    return { chainId, lastBlock: { number, hash }, removedEntries, wallets };
  }
}
