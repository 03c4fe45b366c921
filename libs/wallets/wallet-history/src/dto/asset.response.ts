import type { Chain } from '@countersign/chains';
import { Count, Flag, Nested, OneOf, Text } from '@countersign/http';
import { showEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { AssetKey, Standard } from '../entry';
import type { TokenFacts } from '../names/ask-token';
import type { KnownTokens } from '../names/known-tokens';
import { ADDRESS } from './chain.response';

export const standards = ['native', 'erc20', 'erc721', 'erc1155'] as const satisfies readonly Standard[];

/** What a contract says of itself: text of a stranger. */
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

/** Which asset. */
export class AssetResponse {
  @OneOf(standards, 'The token standard.', 'erc20')
  standard: Standard;

  @Text('The contract of the asset, with its EIP-55 checksum. `null` for the coin of the chain.', ADDRESS, {
    nullable: true,
  })
  contract: string | null;

  @Text('Of a collectible: its id in the contract, in decimal digits.', null, { nullable: true })
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
