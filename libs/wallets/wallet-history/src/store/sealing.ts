import { open, seal, type Place, type Sealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { AssetRecord } from '../assets';
import type { HistoryEntry } from '../entry';
import type { Tally } from '../tally';

type Keyed = Pick<OpenedWallet, 'dataKey'>;

/** Above what most rows need. */
const SMALLEST = 1_024;

/**
 * JSON with spaces at its end, of one of few sizes. A sealed value has the size of what is sealed: beside its block, the
 * length of an amount or the number of transfers would tell which transfer it is.
 */
export function padded(value: unknown): string {
  const text = JSON.stringify(value);
  let size = SMALLEST;
  while (size < text.length) size *= 2;
  return text.padEnd(size);
}

function pendingPlace(digest: Buffer, position: number): Place {
  const row = `${digest.toString('hex')}/${String(position)}`;
  return { table: 'wallet_transfers_pending', column: 'content', row };
}

function finalPlace(digest: Buffer, sequence: number): Place {
  return {
    table: 'wallet_transfers',
    column: 'content',
    row: `${digest.toString('hex')}/${String(sequence)}`,
  };
}

function assetPlace(digest: Buffer, asset: Buffer): Place {
  return {
    table: 'wallet_assets',
    column: 'content',
    row: `${digest.toString('hex')}/${asset.toString('hex')}`,
  };
}

export function sealPending(
  { dataKey }: Keyed,
  digest: Buffer,
  position: number,
  entry: HistoryEntry,
): Sealed {
  return seal(dataKey, pendingPlace(digest, position), padded(entry));
}

export function openPending(
  { dataKey }: Keyed,
  digest: Buffer,
  position: number,
  content: Sealed,
): HistoryEntry {
  // Our own text: `sealPending` made it.
  return JSON.parse(open(dataKey, pendingPlace(digest, position), content)) as HistoryEntry;
}

export function sealFinal({ dataKey }: Keyed, digest: Buffer, sequence: number, entry: HistoryEntry): Sealed {
  return seal(dataKey, finalPlace(digest, sequence), padded(entry));
}

export function openFinal(
  { dataKey }: Keyed,
  digest: Buffer,
  sequence: number,
  content: Sealed,
): HistoryEntry {
  return JSON.parse(open(dataKey, finalPlace(digest, sequence), content)) as HistoryEntry;
}

export function sealAsset({ dataKey }: Keyed, digest: Buffer, asset: Buffer, record: AssetRecord): Sealed {
  return seal(dataKey, assetPlace(digest, asset), padded(record));
}

export function openAsset({ dataKey }: Keyed, digest: Buffer, asset: Buffer, content: Sealed): AssetRecord {
  return JSON.parse(open(dataKey, assetPlace(digest, asset), content)) as AssetRecord;
}

function tallyPlace(digest: Buffer): Place {
  return { table: 'wallet_tallies', column: 'content', row: digest.toString('hex') };
}

export function sealTally({ dataKey }: Keyed, digest: Buffer, tally: Tally): Sealed {
  return seal(dataKey, tallyPlace(digest), padded(tally));
}

export function openTally({ dataKey }: Keyed, digest: Buffer, content: Sealed): Tally {
  return JSON.parse(open(dataKey, tallyPlace(digest), content)) as Tally;
}

function counterpartiesPlace(walletId: string, chainId: string): Place {
  return { table: 'wallet_chains', column: 'counterparties', row: `${walletId}/${chainId}` };
}

export function sealCounterparties(
  { dataKey, walletId }: Keyed & Pick<OpenedWallet, 'walletId'>,
  chainId: string,
  addresses: readonly string[],
): Sealed {
  return seal(dataKey, counterpartiesPlace(walletId, chainId), padded(addresses));
}

export function openCounterparties(
  { dataKey, walletId }: Keyed & Pick<OpenedWallet, 'walletId'>,
  chainId: string,
  content: Sealed,
): readonly string[] {
  return JSON.parse(open(dataKey, counterpartiesPlace(walletId, chainId), content)) as readonly string[];
}
