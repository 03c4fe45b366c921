import { OmitType } from '@nestjs/swagger';
import { Count, Flag, Instant, Integer, Nested, OneOf, Text } from '@countersign/http';
import { MetaproListOf } from '../dto/user.responses';

/** Metapro's names of chains, keyed by the CAIP-2 reference. */
export const networks = {
  1: 'ethereum',
  56: 'bnb-chain',
  137: 'polygon',
  8453: 'base',
  42161: 'arbitrum',
} as const;
export type Network = (typeof networks)[keyof typeof networks];

export const tokenStandards = ['erc721', 'erc1155'] as const;
export type TokenStandard = (typeof tokenStandards)[number];

const CONTRACT = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const WALLET = '0x9858effd232b4033e47d90003d41ec34ecaeda94';
const CHAINS = 'Ours: CAIP-2 of chains that have more, of which something is missing, or that are not read.';
const COUNTED = 'How many there are, of those that were read.';
const NULLABLE = { nullable: true };

function NumberOrText(description: string): PropertyDecorator {
  const schema = { oneOf: [{ type: 'integer' }, { type: 'string' }] };
  return Integer(`${description} Text beyond the numbers of JavaScript.`, 7, { schema });
}

class MetaproAmount {
  @NumberOrText('The id of the token in its contract.')
  _tokenId: number | string;

  @NumberOrText('How many.')
  _quantity: number | string;

  @Text('The contract.', CONTRACT)
  address: string;
}

class MetaproOnChain extends MetaproAmount {
  @Text('Metapro’s name of the chain; `null` for others.', 'polygon', NULLABLE)
  network: Network | null;

  @Count('The chain.', 137)
  chainId: number;

  @Flag('Ours: whether nothing changes it any more.', true)
  isFinal: boolean;
}

class MetaproToken extends MetaproAmount {
  @Text('The wallet.', WALLET)
  owner: string;
}

export class MetaproNft extends OmitType(MetaproOnChain, ['_tokenId', '_quantity']) {
  @Text('The same.', CONTRACT)
  contractAddress: string;

  @OneOf(tokenStandards, 'The token standard.', 'erc721')
  standard: TokenStandard;

  @Text('As the operator lists it; `null` where it is not listed.', null, NULLABLE)
  symbol: string | null;

  @Nested(MetaproToken, 'The token.')
  token: MetaproToken;
}

export class MetaproNftEvent extends MetaproOnChain {
  @Text('Its id here.', 'eip155:137/0x5f1c/0/0')
  _id: string;

  @Count('The block.', 23846120)
  blockNumber: number;

  @Text('The transaction.', '0x5f1c', NULLABLE)
  transactionHash: string | null;

  @OneOf(['Minted', 'TransferSingle'], 'A batch is shown as single ones.', 'Minted')
  event: 'Minted' | 'TransferSingle';

  @Text('From whom.', WALLET, NULLABLE)
  from: string | null;

  @Text('To whom.', WALLET, NULLABLE)
  to: string | null;

  @Instant('The time of the block.')
  createdAt: string;
}

export class MetaproNfts extends MetaproListOf(MetaproNft, COUNTED) {
  @Text(CHAINS, [], { list: {} })
  incompleteChains: readonly string[];
}

export class MetaproNftEvents extends MetaproListOf(MetaproNftEvent, COUNTED) {
  @Text(CHAINS, [], { list: {} })
  incompleteChains: readonly string[];
}
