import { ApiProperty } from '@nestjs/swagger';
import type { AskedNode, ChainState } from '../../chain-states';

const NODE_STATES = ['up', 'away', 'limited', 'refused', 'lying'] as const;

export class ChainNodeResponse {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Its place in the file of chains.', example: 0 })
  place: number;

  @ApiProperty({
    enum: NODE_STATES,
    description:
      '`away`: it does not answer; `limited`: it wants fewer requests; `refused`: it answers with an error; `lying`: it is of another chain, or what it said cannot be.',
    example: 'up',
  })
  state: AskedNode['state'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why, in a word; null for a node that is up.',
    example: null,
  })
  reason: string | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'The number of its latest block; null for a node that is not up.',
    example: 23871042,
  })
  head: number | null;
}

export class ChainCurrencyResponse {
  @ApiProperty({ description: 'The symbol.', example: 'ETH' })
  symbol: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Digits after the point.', example: 18 })
  decimals: number;
}

export class ChainResponse {
  @ApiProperty({ description: 'Its CAIP-2 id.', example: 'eip155:1' })
  chainId: string;

  @ApiProperty({ description: 'Its name.', example: 'ethereum' })
  name: string;

  @ApiProperty({ enum: ['evm', 'ton'], description: 'How its nodes are asked.', example: 'evm' })
  kind: 'evm' | 'ton';

  @ApiProperty({
    enum: ['production', 'test'],
    description: 'The environment of wallets that belong to this chain.',
    example: 'production',
  })
  environment: 'production' | 'test';

  @ApiProperty({ type: ChainCurrencyResponse, description: 'Its own currency.' })
  currency: ChainCurrencyResponse;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Blocks after which one counts as final, where its nodes know no final block.',
    example: 65,
  })
  confirmations: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The hash of its genesis block; null where it is neither configured nor known.',
    example: '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
  })
  genesisHash: string | null;

  @ApiProperty({
    description: 'Whether its nodes may learn which addresses are asked for.',
    example: false,
  })
  mayNameAddresses: boolean;

  @ApiProperty({ description: 'Whether its blocks are to be read.', example: true })
  isFollowed: boolean;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many tokens are listed for it.',
    example: 12,
  })
  tokens: number;

  @ApiProperty({ type: [ChainNodeResponse], description: 'Its nodes, without their URLs.' })
  nodes: readonly ChainNodeResponse[];

  static of({ chain, nodes }: ChainState): ChainResponse {
    const { id, name, kind, environment, currency, confirmations, genesisHash, mayNameAddresses } = chain;
    return {
      chainId: id,
      name,
      kind,
      environment,
      currency: { ...currency },
      confirmations,
      genesisHash,
      mayNameAddresses,
      isFollowed: chain.follow,
      tokens: chain.tokens.length,
      nodes: nodes.map((node) => ({ ...node })),
    };
  }
}

export class ChainsResponse {
  @ApiProperty({ type: [ChainResponse], description: 'In the order of the file of chains.' })
  items: readonly ChainResponse[];
}
