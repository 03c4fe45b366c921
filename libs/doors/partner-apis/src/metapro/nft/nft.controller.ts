import { Get, Param, Query } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { inQuery, ofSlice, SessionRoute } from '../protocol/metapro-route';
import { MetaproNftEvents, MetaproNfts } from './nft.dto';
import { OwnWalletLists } from './own-wallet-lists';

const onNetwork = inQuery('network', 'Metapro’s names of chains.', true);

/** Lists what the caller's own linked wallets contain and did. */
@ApiController('ms', 'NFT')
export class MetaproNftController {
  constructor(private readonly lists: OwnWalletLists) {}

  @Get('nft/v1/user/:wallet/tokens')
  @ofSlice
  @onNetwork
  @inQuery('standard', '`erc721`, `erc1155`.', true)
  @inQuery('contractAddress', 'Only of these contracts.', true)
  @inQuery('tokens[contract]', 'Only tokens with such an id.', true)
  @inQuery('skipTokens[contract]', 'None with such an id.', true)
  @inQuery('sort[_tokenId]', '`asc` or `desc`; also `sort[_quantity]`.')
  @SessionRoute('metaproNfts', 'List one’s collectibles', MetaproNfts)
  nfts(
    @Caller() caller: Principal,
    @Param('wallet') wallet: string,
    @Query() query: unknown,
  ): Promise<MetaproNfts> {
    return this.lists.nfts(caller, wallet, query);
  }

  @Get('nft-events/v1/user-events/:wallet')
  @ofSlice
  @onNetwork
  @inQuery('blockNumber', 'Only of these blocks.', true)
  @inQuery('transactionHash', 'Only of these transactions.', true)
  @inQuery('event', 'Only such ones.', true)
  @inQuery('_tokenId', 'Only of these tokens.', true)
  @inQuery('_quantity', 'Only of so many.', true)
  @inQuery('createdAt', '`asc` or `desc`, the newest first without it.')
  @SessionRoute('metaproNftEvents', 'List their transfers', MetaproNftEvents)
  events(
    @Caller() caller: Principal,
    @Param('wallet') wallet: string,
    @Query() query: unknown,
  ): Promise<MetaproNftEvents> {
    return this.lists.events(caller, wallet, query);
  }
}
