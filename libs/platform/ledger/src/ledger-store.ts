/** An entry of the ledger. It never changes, except that MACs under other keys are added. */
export interface LedgerEntry {
  /** The position among the entries of its installation, from 1. */
  readonly number: number;
  readonly id: string;
  /** `disowned`: an erasure that this installation does not repeat. `retired`: MACs under the key count for nothing. */
  readonly kind: 'mark' | 'erasure' | 'disowned' | 'retired';
  readonly installation: string;
  /** The process that wrote it. */
  readonly run: string;
  /** `erasure`: the id of the account, or of an account that was merged into it. */
  readonly userId: string | null;
  /** `disowned`: the number of the erasure. */
  readonly refersTo: number | null;
  /** `retired`: the id of the index key. */
  readonly keyId: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** In base64url, by the ids of index keys. They are not compared yet. */
  readonly macs: Readonly<Record<string, string>>;
}

/** Where entries are stored, outside of the database. It knows no keys. Each method throws a `LedgerAwayError`. */
export interface LedgerStore {
  /** Makes the table or the file, unless it is there. */
  create(): Promise<void>;
  /** The entries of an installation, or of all, whose numbers are above `after`: ascending, in batches. */
  entries(installation: string | null, after: number): AsyncGenerator<readonly LedgerEntry[]>;
  /**
   * Writes new entries of one installation, all or none. Durable when it resolves.
   * @returns false where another process has written one of their numbers
   */
  append(entries: readonly LedgerEntry[]): Promise<boolean>;
  /** Adds MACs to entries that are there. */
  addMacs(entries: readonly Pick<LedgerEntry, 'installation' | 'number' | 'macs'>[]): Promise<void>;
  close(): Promise<void>;
}

export class LedgerAwayError extends Error {
  override readonly name: string = 'LedgerAwayError';
}

/** The ledger is missing or not a safe one, which only an operator can change: the message says how. */
export class LedgerRefusedError extends LedgerAwayError {
  override readonly name = 'LedgerRefusedError';
}

/** @param missing the code of the error for a ledger that was never made */
export function awayBecause(error: unknown, missing?: string): LedgerAwayError {
  if (error instanceof LedgerAwayError) return error;
  if (missing !== undefined && (error as { code?: unknown }).code === missing)
    return new LedgerRefusedError(
      'The ledger of erasures (ERASURE_LEDGER) is missing: run `countersign migrate`, which makes it.',
    );
  return new LedgerAwayError('The ledger of erasures (ERASURE_LEDGER) cannot be used.', { cause: error });
}
