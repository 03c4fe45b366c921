import { sealedJson, unlessSealed, type Sealed, type SealedColumn } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { AssetRecord } from '../assets';
import type { HistoryEntry } from '../entry';

import type { StoredOmissions } from '../omissions';

/** Above what most rows need. */
const SMALLEST = 1_024;

/**
 * JSON with spaces at its end, of one of few sizes. A sealed value has the size of what is sealed: beside its block, the
 * length of an amount or the number of transfers would tell which transfer it is.
 */
function padded(value: unknown): string {
  const text = JSON.stringify(value);
  let size = SMALLEST;
  while (size < text.length) size *= 2;
  return text.padEnd(size);
}

export function paddedJson<Value>(table: string, column: string): SealedColumn<Value> {
  return sealedJson<Value>(table, column, padded);
}

/** By digest and position. */
export const sealedPending = paddedJson<HistoryEntry>('wallet_transfers_pending', 'content');
/** By digest and sequence. */
export const sealedFinal = paddedJson<HistoryEntry>('wallet_transfers', 'content');
/** By digest and that of the asset. */
export const sealedAsset = paddedJson<AssetRecord>('wallet_assets', 'content');
/** By digest. */
export const sealedOmissions = paddedJson<StoredOmissions>('wallet_tallies', 'content');
/** By wallet and chain. */
export const sealedCounterparties = paddedJson<readonly string[]>('wallet_chains', 'counterparties');

type Keyed = Pick<OpenedWallet, 'dataKey' | 'walletId'>;

/** Addresses that the wallet paid. Those of a row that is damaged are learnt anew. */
export function openCounterparties(
  { dataKey, walletId }: Keyed,
  chainId: string,
  sealed: Sealed | null | undefined,
): readonly string[] {
  return (
    (sealed && unlessSealed(() => sealedCounterparties.open(dataKey, [walletId, chainId], sealed))) ?? []
  );
}

export function sealCounterparties(
  { dataKey, walletId }: Keyed,
  chainId: string,
  addresses: readonly string[],
): Sealed {
  return sealedCounterparties.seal(dataKey, [walletId, chainId], addresses);
}
