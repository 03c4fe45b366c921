/** An entry of the ledger. An entry never changes, but MACs under other keys are added. */
export interface LedgerEntry {
  /** Numbers start at 1 for each installation. */
  readonly number: number;
  readonly id: string;
  /** `disowned`: an erasure that this installation does not repeat. `retired`: MACs under the key no longer count. */
  readonly kind: 'mark' | 'erasure' | 'disowned' | 'retired';
  readonly installation: string;
  readonly run: string;
  /** For `erasure`: the id of the account, or of an account that was merged into it. */
  readonly userId: string | null;
  /** For `disowned`: the number of the erasure. */
  readonly refersTo: number | null;
  /** For `retired`: the id of the index key. */
  readonly keyId: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** MACs in base64url, by the ids of index keys. They are not verified yet. */
  readonly macs: Readonly<Record<string, string>>;
}

/** Stores entries outside of the database. It has no keys, and an attacker may have written to it. */
export interface LedgerStore {
  create(): Promise<void>;
  /** Entries with a number above `after`. `null` stands for all installations. Each installation's entries ascend. */
  read(installation: string | null, after: number): Promise<readonly LedgerEntry[]>;
  /** Writes all entries or none, durably. @returns false when one of the numbers is taken */
  append(entries: readonly LedgerEntry[]): Promise<boolean>;
  addMacs(entries: readonly LedgerEntry[]): Promise<void>;
}

export class LedgerAwayError extends Error {
  override readonly name: string = 'LedgerAwayError';
}

/** Only an operator can solve the problem. The message says how. */
export class LedgerRefusedError extends LedgerAwayError {
  override readonly name = 'LedgerRefusedError';
}

/** By error code: PostgreSQL has no table or no database, or the file or its folder is missing. */
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
