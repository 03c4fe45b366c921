import { Count, Flag, ListOf, Nested, OneOf, Text, toResponse, TextInPath } from '@countersign/http';
import { Get } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { ChainNodeResponse, ChainStates, type ChainState } from '../chain-states';
import { chainScopes } from '../chains.feature';

class ChainCurrencyResponse {
  @Text('The symbol.', 'ETH')
  symbol: string;

  @Count('Digits after the point.', 18)
  decimals: number;
}

class ChainResponse {
  @Text('Its CAIP-2 id.', 'eip155:1')
  chainId: string;

  @Text('Its name.', 'ethereum')
  name: string;

  @OneOf(['evm', 'ton'], 'How its nodes are asked.', 'evm')
  kind: 'evm' | 'ton';

  @OneOf(['production', 'test'], 'The environment of wallets that belong to this chain.', 'production')
  environment: 'production' | 'test';

  @Nested(ChainCurrencyResponse, 'Its own currency.')
  currency: ChainCurrencyResponse;

  @Count('Blocks after which one counts as final, where its nodes know no `finalized` block; 0 for TON.', 65)
  confirmations: number;

  @Text(
    'The hash of its genesis block; null where it is neither configured nor known.',
    '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
    { nullable: true },
  )
  genesisHash: string | null;

  @Flag('Whether its nodes may learn which addresses are asked for.', false)
  mayNameAddresses: boolean;

  @Count('How many tokens are listed for it.', 12)
  tokens: number;

  @ListOf(ChainNodeResponse, 'Its nodes, without their URLs.')
  nodes: readonly ChainNodeResponse[];

  @ListOf(ChainNodeResponse, 'Its indexers, without their URLs.')
  indexers: readonly ChainNodeResponse[];

  static of({ chain, ...asked }: ChainState): ChainResponse {
    const tokens = chain.tokens.length;
    return toResponse(ChainResponse, { ...chain, ...asked, chainId: chain.id, tokens });
  }
}

class ChainsResponse {
  @ListOf(ChainResponse, 'In the order of the file of chains.')
  items: readonly ChainResponse[];
}

/** The chains are configured in a file, so these routes only read them. */
@AdminController('chains', 'Chains')
export class ChainsController {
  constructor(private readonly states: ChainStates) {}

  @Get()
  @Operation('listChains', chainScopes.chainsRead, ChainsResponse, {
    summary: 'List the configured chains, and what their nodes and indexers answer now',
    description:
      'Each node is asked for its latest block, and each indexer whether it answers, for three seconds at most.',
  })
  async list(): Promise<ChainsResponse> {
    return { items: (await this.states.list()).map((state) => ChainResponse.of(state)) };
  }

  @Get(':chainId')
  @Operation('readChain', chainScopes.chainsRead, ChainResponse, {
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
