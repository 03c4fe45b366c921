import { coinsOf, type Address, type Transfer } from '@countersign/transfers';
import type { MovedRow, Row, SentRow } from './rows';

export interface IndexedEntry {
  readonly position: Row;
  /** `null` if it is neither from nor to the wallet. */
  readonly sent: SentRow | null;
  /** The transfers that the receipt shows too. */
  readonly transfers: readonly Transfer[];
  readonly logs: readonly MovedRow[];
  /** Coins that contracts moved. No receipt contains them. */
  readonly internal: readonly Transfer[];
}

/** Newest first. */
export function entriesOf(rows: readonly (SentRow | MovedRow)[], wallet: Address): readonly IndexedEntry[] {
  const groups = new Map<string, (SentRow | MovedRow)[]>();
  for (const row of rows) {
    const key = `${row.number}/${row.hash}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()]
    .map((group) => entryOf(group, wallet))
    .filter(({ transfers, internal }) => transfers.length + internal.length > 0)
    .toSorted((one, other) => newestFirst(one.position, other.position));
}

function entryOf(group: readonly (SentRow | MovedRow)[], wallet: Address): IndexedEntry {
  const [first] = group as [SentRow | MovedRow];
  const position = group.find(({ index }) => index !== null) ?? first;
  const sent = group.find((row) => row.kind === 'sent') ?? null;
  const moved = group.filter((row) => row.kind !== 'sent');
  const logs = moved.filter(({ kind }) => kind === 'log');
  const toTransfers = (some: readonly MovedRow[]): Transfer[] =>
    some.map(({ kind, asset, from, to, amount }) => ({
      ...{ kind, asset, from, to, amount },
      sentBy: sent?.from ?? null,
    }));
  return {
    ...{ position, sent, logs },
    transfers: [...(sent ? coinsOf(sent, wallet) : []), ...toTransfers(logs)],
    internal: toTransfers(moved.filter(({ kind }) => kind === 'internal')),
  };
}

/** In a block, entries without a known index come last. */
function newestFirst(one: Row, other: Row): number {
  return (
    other.number - one.number || (other.index ?? -1) - (one.index ?? -1) || (one.hash < other.hash ? -1 : 1)
  );
}
