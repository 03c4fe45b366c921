import { isOwnDoing, type Address, type Transfer } from '@countersign/evm-blocks';
import type { Omitted } from '../entry';

/** Of tokens, for one wallet in one block: more are spam, and each costs its sender next to nothing. */
export const MAX_TOKEN_TRANSFERS = 500;

export interface StoredTransfers {
  /** In the order of the block. */
  readonly stored: readonly Transfer[];
  /** What is not stored. */
  readonly omitted: Omitted | null;
}

/**
 * What is stored of a wallet's transfers in a block: all of the coin, and as many of tokens as the bound allows. First
 * those of listed tokens, then the wallet's own doing, then the contracts with the fewest transfers, so that a flood of
 * one contract displaces nothing else.
 */
export function storedOf(
  transfers: readonly Transfer[],
  wallet: Address,
  listed: ReadonlySet<Address>,
): StoredTransfers {
  const ofTokens = transfers.filter(({ asset }) => asset.standard !== 'native');
  if (ofTokens.length <= MAX_TOKEN_TRANSFERS) return { stored: transfers, omitted: null };
  const counts = new Map<Address | null, number>();
  for (const transfer of ofTokens)
    counts.set(contractOf(transfer), (counts.get(contractOf(transfer)) ?? 0) + 1);
  const rankOf = (transfer: Transfer): number => {
    const contract = contractOf(transfer);
    if (contract !== null && listed.has(contract)) return -1;
    return isOwnDoing(transfer, wallet) ? 0 : (counts.get(contract) ?? 0);
  };
  const ranked = ofTokens
    .map((transfer) => ({ transfer, rank: rankOf(transfer) }))
    .sort((a, b) => a.rank - b.rank);
  const gone = new Set(ranked.slice(MAX_TOKEN_TRANSFERS).map(({ transfer }) => transfer));
  const hasListed = [...gone].some((transfer) => rankOf(transfer) < 0);
  const omitted = { count: gone.size, hasListed };
  return { stored: transfers.filter((transfer) => !gone.has(transfer)), omitted };
}

/** `null` for the coin. */
export function contractOf({ asset }: Transfer): Address | null {
  return asset.standard === 'native' ? null : asset.contract;
}
