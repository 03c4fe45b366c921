import { Get } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { TextInPath } from '@countersign/http';
import { ChainStates } from '../chain-states';
import { ChainResponse, ChainsResponse } from './dto/chain.response';

/** Chains are configured by a file: here they are only read. */
@AdminController('chains', 'Chains')
export class ChainsController {
  constructor(private readonly states: ChainStates) {}

  @Get()
  @Operation('listChains', 'chains:read', ChainsResponse, {
    summary: 'List the configured chains, and what their nodes and indexers answer now',
    description:
      'Each node is asked for its latest block, and each indexer whether it answers, for three seconds at most.',
  })
  async list(): Promise<ChainsResponse> {
    return { items: (await this.states.list()).map((state) => ChainResponse.of(state)) };
  }

  @Get(':chainId')
  @Operation('readChain', 'chains:read', ChainResponse, {
    summary: 'Read a configured chain, and what its nodes and indexers answer now',
    description:
      'Each node is asked for its latest block, and each indexer whether it answers, for three seconds at most.',
    errors: ['chain.not_found'],
  })
  async read(
    @TextInPath('chainId', 'The CAIP-2 id of the chain.', 'eip155:1') chainId: string,
  ): Promise<ChainResponse> {
    return ChainResponse.of(await this.states.get(chainId));
  }
}
