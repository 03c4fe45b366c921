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

/** A requested erasure that the ledger knows. */
export interface LedgerRequest {
  readonly userId: string;
  readonly kind: 'closed' | 'open';
  readonly reason: 'person' | 'operator';
  /** Of the proofs that can cancel it; `null` for any. */
  readonly assurance: 'vendor' | 'bot-token' | 'platform' | null;
  readonly requestedAt: Date;
  readonly eraseAt: Date;
  /** Of this or an earlier request. */
  readonly cancelledAt: Date | null;
}

/** Whether it was not cancelled. */
export function isOpenRequest({ requestedAt, cancelledAt }: LedgerRequest): boolean {
  return cancelledAt === null || requestedAt > cancelledAt;
}

/**
 * Erasures, remembered outside of the database: a restored backup has erased accounts again. It holds ids of
 * accounts, instants and who may cancel, nothing else.
 */
export abstract class ErasureLedger {
  /** Whether it remembers anything. */
  abstract readonly isStored: boolean;

  /** `null` for a new ledger. */
  abstract readMark(): Promise<LedgerMark | null>;

  abstract writeMark(mark: LedgerMark): Promise<void>;

  /** Durable when it resolves. Repeated for known ids it changes nothing. */
  abstract intend(userIds: readonly string[], at: Date): Promise<void>;

  abstract finish(userIds: readonly string[], at: Date): Promise<void>;

  /** Durable when it resolves. A later request of an account replaces the earlier one. */
  abstract request(requests: readonly Omit<LedgerRequest, 'cancelledAt'>[]): Promise<void>;

  abstract cancel(userIds: readonly string[], at: Date): Promise<void>;

  /** All requests, in batches. */
  abstract requests(): AsyncIterable<readonly LedgerRequest[]>;

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
  override readonly isStored = false;

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

  override request(): Promise<void> {
    return Promise.resolve();
  }

  override cancel(): Promise<void> {
    return Promise.resolve();
  }

  override async *requests(): AsyncGenerator<readonly LedgerRequest[]> {
    // None.
  }

  override async *entries(): AsyncGenerator<readonly LedgerEntry[]> {
    // None.
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
