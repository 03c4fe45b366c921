/** A high-water mark, the same in the database and in its ledger. */
export interface LedgerMark {
  /** Of the installation: a ledger belongs to one. */
  readonly lineage: string;
  readonly mark: number;
}

/** An erasure that the ledger knows. */
export interface LedgerEntry {
  readonly userId: string;
  readonly intendedAt: Date;
  /** When the database had committed it; `null` where that is not known. */
  readonly doneAt: Date | null;
}

/**
 * Erasures, remembered outside of the database: a restored backup has erased accounts again. It holds ids of
 * accounts and instants, nothing else.
 */
export abstract class ErasureLedger {
  /** Whether it remembers anything. */
  abstract readonly isKept: boolean;

  /** `null` for a new ledger. */
  abstract readMark(): Promise<LedgerMark | null>;

  abstract writeMark(mark: LedgerMark): Promise<void>;

  /** Durable when it resolves. Repeated for known ids it changes nothing. */
  abstract intend(userIds: readonly string[], at: Date): Promise<void>;

  abstract finish(userIds: readonly string[], at: Date): Promise<void>;

  /** All entries, in batches. */
  abstract entries(): AsyncIterable<readonly LedgerEntry[]>;

  /** The identity of its PostgreSQL cluster; null where there is none, or the server does not say. */
  clusterId(): Promise<string | null> {
    return Promise.resolve(null);
  }

  abstract close(): Promise<void>;
}

/** The ledger of an installation without one, in development and in tests. */
export class NoLedger extends ErasureLedger {
  override readonly isKept = false;

  override readMark(): Promise<null> {
    return Promise.resolve(null);
  }

  override writeMark(): Promise<void> {
    return Promise.resolve();
  }

  override intend(): Promise<void> {
    return Promise.resolve();
  }

  override finish(): Promise<void> {
    return Promise.resolve();
  }

  override async *entries(): AsyncGenerator<readonly LedgerEntry[]> {
    // None.
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
