import { Count, Flag, Nested, OneOf, Text } from '@countersign/http';
import { ADDRESS } from './chain.response';

/** `tep74` is a jetton of TON, `tep62` a collectible of TON. */
const standards = ['native', 'erc20', 'erc721', 'erc1155', 'tep74', 'tep62'] as const;
export type Standard = (typeof standards)[number];

/** A contract's own names. A stranger can choose this text. */
export class ClaimedNamesResponse {
  @Text('At most 256 bytes, without characters that are not seen. `null`: none that can be read.', 'PEPE', {
    nullable: true,
  })
  symbol: string | null;

  @Text('At most 256 bytes, without characters that are not seen. `null`: none that can be read.', 'Pepe', {
    nullable: true,
  })
  name: string | null;

  @Count('How many decimals an amount has, as the contract says.', 18, { max: 77, nullable: true })
  decimals: number | null;
}

export class AssetResponse {
  @OneOf(standards, 'The token standard.', 'erc20')
  standard: Standard;

  @Text(
    'The contract of the asset, with its EIP-55 checksum. Of TON the master of a jetton, or the item itself. `null` for the coin of the chain.',
    ADDRESS,
    { nullable: true },
  )
  contract: string | null;

  @Text(
    'Of a collectible: its id in the contract, in decimal digits. Of TON: its index in the collection.',
    null,
    { nullable: true },
  )
  tokenId: string | null;

  @Text('Its symbol, as the operator lists it. `null` where it is not listed: see `claimed`.', 'USDC', {
    nullable: true,
  })
  symbol: string | null;

  @Count('How many decimals an amount has. `null` where the operator does not list the token.', 6, {
    nullable: true,
  })
  decimals: number | null;

  @Flag('Whether it is the coin of the chain, or a token that the operator lists.', true)
  isListed: boolean;

  @Nested(
    ClaimedNamesResponse,
    'What the contract of an asset that is not listed says of itself. It is not verified: a contract may claim any name. Show it as text, never as markup or a link. `null` where it is listed, or was not asked.',
    { nullable: true },
  )
  claimed: ClaimedNamesResponse | null;
}
