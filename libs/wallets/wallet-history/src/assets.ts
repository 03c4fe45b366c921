import type { Direction } from '@countersign/wallet-reading';
import { isHidden, type AssetKey, type HistoryEntry } from './entry';

/** A transfer of a collectible, as its record remembers it. */
export interface AssetEvent {
  readonly block: { readonly number: number; readonly hash: string; readonly at: number };
  readonly transactionHash: string | null;
  readonly direction: Direction;
  readonly counterparty: string | null;
  readonly amount: string;
}

/** What transfers changed of one asset. Stored as JSON. */
export interface AssetRecord extends AssetKey {
  /** Decimal text in base units, with a minus where more went than came. */
  readonly change: string;
  /** Of collectibles, newest first. */
  readonly events: readonly AssetEvent[];
}

/** A change of an asset by an entry, or by several. */
export interface AssetChange {
  readonly key: AssetKey;
  readonly change: bigint;
  readonly events: readonly AssetEvent[];
  readonly isHidden: boolean;
}

const MAX_EVENTS = 20;
const COIN: AssetKey = { standard: 'native', contract: null, tokenId: null };

/** Tells an asset from all others of its chain. */
export function nameOfAsset({ standard, contract, tokenId }: AssetKey): string {
  return [standard, contract, tokenId].filter((each) => each !== null).join('/');
}

export function isCollectible({ standard }: Pick<AssetKey, 'standard'>): boolean {
  return standard === 'erc721' || standard === 'erc1155';
}

/** What the entries change, by asset: fees included, and nothing of those that vanished. Oldest first. */
export function changesOf(entries: readonly HistoryEntry[]): ReadonlyMap<string, AssetChange> {
  const changes = new Map<string, AssetChange>();
  const add = (key: AssetKey, by: Omit<AssetChange, 'key'>): void => {
    const name = nameOfAsset(key);
    const before = changes.get(name);
    changes.set(name, {
      key,
      change: (before?.change ?? 0n) + by.change,
      events: newestFirst(by.events, before?.events ?? []),
      isHidden: by.isHidden && (before?.isHidden ?? true),
    });
  };
  for (const entry of entries) {
    if (entry.vanishedAt !== null) continue;
    const { transaction } = entry;
    const hidden = isHidden(entry);
    if (transaction?.fee) add(COIN, { change: -BigInt(transaction.fee), events: [], isHidden: false });
    for (const { standard, contract, tokenId, direction, counterparty, amount, spam } of entry.transfers) {
      const signs = { in: 1n, out: -1n, self: 0n };
      const key = { standard, contract, tokenId };
      const { block } = entry;
      const event = { block, transactionHash: transaction?.hash ?? null, direction, counterparty, amount };
      add(key, {
        change: signs[direction] * BigInt(amount),
        events: isCollectible(key) ? [event] : [],
        isHidden: standard !== 'native' && (hidden || spam.length > 0),
      });
    }
  }
  return changes;
}

/** A record after a change. @param before `null` for an asset that is new */
export function changed(before: AssetRecord | null, { key, change, events }: AssetChange): AssetRecord {
  return {
    ...key,
    change: (BigInt(before?.change ?? '0') + change).toString(),
    events: newestFirst(events, before?.events ?? []),
  };
}

function newestFirst(newer: readonly AssetEvent[], older: readonly AssetEvent[]): readonly AssetEvent[] {
  return [...newer, ...older].slice(0, MAX_EVENTS);
}
