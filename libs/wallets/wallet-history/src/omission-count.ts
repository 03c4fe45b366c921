import { isForeignTransfer, type HistoryEntry, type OmittedContracts } from './entry';

/** Contracts that are noted. */
export const MAX_NOTED = 200;

/** Of blocks that are remembered. */
export const MAX_MARKS = 100;

/** A block with transfers that are not stored. */
export interface Mark {
  readonly block: number;
  /** How many are not stored of the blocks before it. */
  readonly before: number;
}

/** What is stored of a wallet on a chain, and what is not, in final blocks. Rows hold it as JSON. */
export interface OmissionCount extends OmittedContracts {
  /** Stored transfers of tokens that are not listed, other than by the wallet's own doing. */
  readonly foreign: number;
  /** Transfers that are on the chain and are not stored. */
  readonly omitted: number;
  /** The last blocks of which some are not, oldest first. Absent where all are stored. */
  readonly marks?: readonly Mark[];
}

export const NOTHING_OMITTED: OmissionCount = { foreign: 0, omitted: 0, contracts: [], hasOthers: false };

/** @param listed contracts of listed tokens, which are always noted */
export function noted(
  known: OmittedContracts,
  { contracts, hasOthers }: OmittedContracts,
  listed: ReadonlySet<string>,
): OmittedContracts {
  const all = new Set(known.contracts);
  let isOver = known.hasOthers || hasOthers;
  for (const contract of contracts) {
    if (all.size < MAX_NOTED || listed.has(contract)) all.add(contract);
    else if (!all.has(contract)) isOver = true;
  }
  return { contracts: [...all], hasOthers: isOver };
}

/**
 * What was counted up to a block. Of what lies between it and the oldest mark all is in the count, so that it may be too
 * high, and never too low.
 */
export function countedUpTo(count: OmissionCount, lastBlock: number): OmissionCount {
  const { marks = [] } = count;
  const later = marks.find(({ block }) => block > lastBlock);
  if (!later) return count;
  return { ...count, omitted: later.before, marks: marks.filter(({ block }) => block <= lastBlock) };
}

/** Whether all transfers of an asset are stored. @param contract `null` for the coin, of which all are */
export function isWhole(
  { contracts, hasOthers }: OmittedContracts,
  contract: string | null,
  listed: ReadonlySet<string>,
): boolean {
  if (contract === null) return true;
  return !contracts.includes(contract) && (!hasOthers || listed.has(contract));
}

/**
 * Counts what becomes final of one wallet, in the order of the chain. Transfers of tokens that are not listed cost their
 * sender next to nothing: beyond a bound they are counted, and no longer stored. The coin, listed tokens and what the
 * wallet did itself are always stored.
 */
export class OmissionCounter {
  private now: OmissionCount;

  constructor(
    private readonly before: OmissionCount | null,
    private readonly listed: ReadonlySet<string>,
    private readonly maxForeign: number,
  ) {
    this.now = before ?? NOTHING_OMITTED;
  }

  /** @returns what is stored of the entry; `null`: nothing */
  keep(entry: HistoryEntry): HistoryEntry | null {
    const isLive = entry.vanishedAt === null;
    const { number } = entry.block;
    if (isLive && entry.omittedOf) this.omit(number, entry.omittedInBlock ?? 0, entry.omittedOf);
    const foreign = entry.transfers.filter((transfer) => isForeignTransfer(entry, transfer, this.listed));
    if (foreign.length === 0) return entry;
    const room = Math.max(0, this.maxForeign - this.now.foreign);
    const gone = new Set(foreign.slice(room));
    this.now = { ...this.now, foreign: this.now.foreign + foreign.length - gone.size };
    if (gone.size === 0) return entry;
    const contracts = [...gone].flatMap(({ contract }) => contract ?? []);
    if (isLive) this.omit(number, gone.size, { contracts, hasOthers: false });
    const transfers = entry.transfers.filter((transfer) => !gone.has(transfer));
    return transfers.length === 0 ? null : { ...entry, transfers };
  }

  /** `null`: as before. */
  get changed(): OmissionCount | null {
    return this.now === (this.before ?? NOTHING_OMITTED) ? null : this.now;
  }

  /** A block below the last one that is marked was counted before: the key of the wallet did not open at a reset. */
  private omit(block: number, count: number, contracts: OmittedContracts): void {
    const { omitted, marks = [] } = this.now;
    const last = marks.at(-1)?.block ?? -1;
    this.now = {
      ...this.now,
      omitted: last > block ? omitted : omitted + count,
      marks: last >= block ? marks : [...marks, { block, before: omitted }].slice(-MAX_MARKS),
      ...noted(this.now, contracts, this.listed),
    };
  }
}
