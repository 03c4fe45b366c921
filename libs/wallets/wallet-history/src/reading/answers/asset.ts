import type { Chain } from '@countersign/chains';
import { showEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import { toEvmAsset, type AssetResponse, type ClaimedNamesResponse } from '@countersign/wallet-reading';
import type { AssetKey } from '../../entry';
import type { TokenFacts } from '../../names/ask-token';
import type { KnownTokens } from '../../names/known-tokens';

export function toAsset(chain: Chain, key: AssetKey, tokens: KnownTokens): AssetResponse {
  const { contract } = key;
  return {
    ...toEvmAsset(chain, key),
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
