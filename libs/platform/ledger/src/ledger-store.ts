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

/** Where entries are stored, outside of the database. It knows no keys, and a stranger may have written to it. */
export interface LedgerStore {
  /** Makes the table or the file, unless it is there. */
  create(): Promise<void>;
  /** The entries of an installation, or of all, whose numbers are above `after`. Each installation's entries ascend. */
  read(installation: string | null, after: number): Promise<readonly LedgerEntry[]>;
  /** Writes new entries, all or none. Durable when it resolves. @returns false where one of their numbers is taken */
  append(entries: readonly LedgerEntry[]): Promise<boolean>;
  /** Adds the MACs to entries that are there. */
  addMacs(entries: readonly LedgerEntry[]): Promise<void>;
}

export class LedgerAwayError extends Error {
  override readonly name: string = 'LedgerAwayError';
}

/** Only an operator can change what is wrong: the message says how. */
export class LedgerRefusedError extends LedgerAwayError {
  override readonly name = 'LedgerRefusedError';
}

/** By the code of an error: PostgreSQL has no table or no database, or the file or its folder is missing. */
const MISSING: Readonly<Record<string, string>> = {
  '42P01': 'is missing: run `countersign migrate`, which makes it.',
  '3D000': 'has no database yet: create it, and run `countersign migrate`.',
  ENOENT: 'is missing: run `countersign migrate`, which makes the file in a folder that exists.',
};

export async function reaching<T>(work: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerAwayError) throw error;
    const sentence = MISSING[(error as { code?: string }).code ?? ''];
    if (sentence) throw new LedgerRefusedError(`The ledger of erasures (ERASURE_LEDGER) ${sentence}`);
    throw new LedgerAwayError('The ledger of erasures (ERASURE_LEDGER) cannot be used.', { cause: error });
  }
}
