import { ApiProperty } from '@nestjs/swagger';
import type { Chain } from '@countersign/chains';
import { showEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { AssetKey, Standard } from '../entry';
import type { TokenFacts } from '../names/ask-token';
import type { KnownTokens } from '../names/known-tokens';
import { ADDRESS } from './chain.response';

export const standards = ['native', 'erc20', 'erc721', 'erc1155'] as const satisfies readonly Standard[];

/** What a contract says of itself: text of a stranger. */
export class ClaimedNamesResponse {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'At most 256 bytes, without characters that are not seen. `null`: none that can be read.',
    example: 'PEPE',
  })
  symbol: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'At most 256 bytes, without characters that are not seen. `null`: none that can be read.',
    example: 'Pepe',
  })
  name: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    maximum: 77,
    description: 'How many decimals an amount has, as the contract says.',
    example: 18,
  })
  decimals: number | null;
}

/** Which asset. */
export class AssetResponse {
  @ApiProperty({ description: 'How it is kept.', enum: [...standards], example: 'erc20' })
  standard: Standard;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The contract of the asset, with its EIP-55 checksum. `null` for the coin of the chain.',
    example: ADDRESS,
  })
  contract: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of a collectible: its id in the contract, in decimal digits.',
    example: null,
  })
  tokenId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Its symbol, as the operator lists it. `null` where it is not listed: see `claimed`.',
    example: 'USDC',
  })
  symbol: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description: 'How many decimals an amount has. `null` where the operator does not list the token.',
    example: 6,
  })
  decimals: number | null;

  @ApiProperty({
    description: 'Whether it is the coin of the chain, or a token that the operator lists.',
    example: true,
  })
  isListed: boolean;

  @ApiProperty({
    type: ClaimedNamesResponse,
    nullable: true,
    description:
      'What the contract of an asset that is not listed says of itself. It is not verified: a contract may claim any name. Show it as text, never as markup or a link. `null` where it is listed, or was not asked.',
  })
  claimed: ClaimedNamesResponse | null;
}

export function toAsset(
  chain: Chain,
  { standard, contract, tokenId }: AssetKey,
  tokens: KnownTokens,
): AssetResponse {
  const listed = chain.tokens.find(({ address }) => address === contract);
  const known = contract === null ? chain.currency : listed;
  return {
    standard,
    contract: shown(contract),
    tokenId,
    symbol: known?.symbol ?? null,
    decimals: standard === 'erc721' || standard === 'erc1155' ? 0 : (known?.decimals ?? null),
    isListed: known !== undefined,
    claimed: toClaimed(contract === null ? undefined : tokens.get(contract)),
  };
}

function toClaimed(facts: TokenFacts | undefined): ClaimedNamesResponse | null {
  return facts === undefined ? null : { symbol: facts.symbol, name: facts.name, decimals: facts.decimals };
}

/** With the checksum of EIP-55. Addresses of rows are `0x` and 40 lower-case digits. */
export function shown(address: string): string;
export function shown(address: string | null): string | null;
export function shown(address: string | null): string | null {
  return address === null ? null : showEvmAddress(address as EvmAddress);
}
