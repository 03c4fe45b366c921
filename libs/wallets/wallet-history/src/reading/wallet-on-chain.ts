import type { Amounts } from '@countersign/wallet-reading';
import type { AssetKey } from '../entry';
import type { KnownTokens } from '../names/known-tokens';
import type { ChainReading } from './followed-chains';
import type { ReadAsset, ReadOmissions } from './history-reader';

/** What is known of a chain, and what is not known of a wallet there. */
export interface WalletOnChain extends ChainReading {
  readonly omissions: ReadOmissions;
  /** Of blocks that are not final there is more than was read. */
  readonly hasMorePending: boolean;
}

export interface Balance extends Omit<Amounts, 'before'> {
  readonly key: AssetKey;
  readonly change: bigint;
  /** Nothing else changed. `null`: that is not known. */
  readonly isExact: boolean | null;
  readonly finalChange: bigint;
  readonly unexplained: bigint | null;
  readonly isHidden: boolean;
}

export interface OwnedAsset extends Pick<Amounts, 'reason' | 'verification'> {
  readonly asset: ReadAsset;
  readonly quantity: bigint;
  /** `null`: that is not known. */
  readonly isExact: boolean | null;
}

export interface BalancesOfChain {
  readonly reading: WalletOnChain;
  readonly tokens: KnownTokens;
  readonly balances: readonly Balance[];
  /** For how many of the last ones no node is asked. */
  readonly notAsked: number;
}

/** Items of one chain. */
export interface ReadPage<T> {
  readonly reading: WalletOnChain;
  readonly tokens: KnownTokens;
  readonly items: readonly T[];
  readonly next: number | null;
}

/** Whether all since the first followed block is listed. */
export function isComplete({ fromBlock, hasGap, hasMorePending, omissions }: WalletOnChain): boolean {
  return !hasGap && !hasMorePending && !omissions.hasAny && fromBlock !== null;
}

/** Whether all transfers of an asset that were seen are known. @param contract `null` for the coin */
export function isWholeOf(
  { chain, hasGap, hasMorePending, omissions }: WalletOnChain,
  contract: string | null,
): boolean {
  if (hasGap || hasMorePending) return false;
  if (contract === null) return true;
  return chain.tokens.some(({ address }) => address === contract) ? !omissions.hasListed : !omissions.hasAny;
}
