import { isForeignTransfer, type HistoryEntry } from './entry';

/** What is stored of a wallet on a chain, and what is not, in final blocks. Stored as JSON. */
export interface Omissions {
  /** Stored transfers of tokens that are not listed, other than by the wallet's own doing. */
  readonly foreign: number;
  /** Transfers that are on the chain and are not stored. */
  readonly omitted: number;
  /** Some of these are of listed tokens. */
  readonly hasListed: boolean;
}

/** As earlier versions wrote it: with the contracts of what is not stored. */
export type StoredOmissions = Omit<Omissions, 'hasListed'> &
  ({ readonly hasListed: boolean } | { readonly contracts: readonly string[] });

export const NOTHING_OMITTED: Omissions = { foreign: 0, omitted: 0, hasListed: false };

export function toOmissions(stored: StoredOmissions, listed: ReadonlySet<string>): Omissions {
  const { foreign, omitted } = stored;
  const hasListed =
    'contracts' in stored ? stored.contracts.some((each) => listed.has(each)) : stored.hasListed;
  return { foreign, omitted, hasListed };
}

/**
 * Counts what becomes final of one wallet. Transfers of tokens that are not listed cost their sender next to nothing: beyond
 * a bound they are counted, and no longer stored. The coin, listed tokens and what the wallet did itself are always stored.
 */
export class OmissionCounter {
  private now: Omissions;

  constructor(
    private readonly before: Omissions,
    private readonly listed: ReadonlySet<string>,
    private readonly maxForeign: number,
  ) {
    this.now = before;
  }

  /** @returns what is stored of the entry; `null`: nothing */
  store(entry: HistoryEntry): HistoryEntry | null {
    const isLive = entry.vanishedAt === null;
    if (isLive && entry.omittedOf) this.omit(entry.omittedInBlock ?? 0, entry.omittedOf);
    const foreign = entry.transfers.filter((transfer) => isForeignTransfer(entry, transfer, this.listed));
    if (foreign.length === 0) return entry;
    const gone = new Set(foreign.slice(Math.max(0, this.maxForeign - this.now.foreign)));
    this.now = { ...this.now, foreign: this.now.foreign + foreign.length - gone.size };
    if (gone.size === 0) return entry;
    if (isLive) this.omit(gone.size, { hasListed: false });
    const transfers = entry.transfers.filter((transfer) => !gone.has(transfer));
    return transfers.length === 0 ? null : { ...entry, transfers };
  }

  /** `null`: as before. */
  get changed(): Omissions | null {
    return this.now === this.before ? null : this.now;
  }

  private omit(count: number, { hasListed }: Pick<Omissions, 'hasListed'>): void {
    const { foreign, omitted } = this.now;
    this.now = { foreign, omitted: omitted + count, hasListed: this.now.hasListed || hasListed };
  }
}
