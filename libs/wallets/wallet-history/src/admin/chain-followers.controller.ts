import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { AdminController, Operation } from '@countersign/admin';
import { FollowerStates } from '../follower/follower-states';
import { ChainResets } from './chain-resets';
import { ChainFollowerResponse } from './dto/chain-follower.dto';
import { ChainResetResponse, ResetChainRequest } from './dto/chain-reset.dto';

const ChainInPath = (): MethodDecorator =>
  ApiParam({
    name: 'chainId',
    description: 'The CAIP-2 id of the chain.',
    schema: { type: 'string', example: 'eip155:1' },
  });

/** The followers of chains, for operators. */
@AdminController('chains/:chainId', 'Chains')
export class ChainFollowersController {
  constructor(
    private readonly states: FollowerStates,
    private readonly resets: ChainResets,
  ) {}

  @Get('follower')
  @Operation('readChainFollower', 'chains:read', ChainFollowerResponse, {
    summary: 'Read how far the blocks of a chain are read, and why no further',
    errors: ['chain.not_found', 'chain.not_read'],
  })
  @ChainInPath()
  async read(@Param('chainId') chainId: string): Promise<ChainFollowerResponse> {
    return ChainFollowerResponse.of(await this.states.get(chainId));
  }

  @Post('reset')
  @Operation('resetChain', 'chains:write', ChainResetResponse, {
    summary: 'Have a chain read again from a block on, after a node had lied about it',
    description:
      'What histories and balances have of later blocks is removed at once, and comes back as the blocks are read. Its nodes have to agree on the block. Remove the node that lied first.',
    errors: [
      'chain.not_found',
      'chain.not_read',
      'chain.block_not_final',
      'chain.nodes_disagree',
      'chain.unavailable',
    ],
  })
  @HttpCode(200)
  @ChainInPath()
  async reset(
    @Param('chainId') chainId: string,
    @Body() { lastBlock }: ResetChainRequest,
  ): Promise<ChainResetResponse> {
    return ChainResetResponse.of(await this.resets.reset(chainId, lastBlock));
  }
}
