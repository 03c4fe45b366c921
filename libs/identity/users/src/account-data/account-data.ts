import type { EntityManager } from 'typeorm';
import type { MergePair, ReturnPair } from '../moves/user-merging.repository';
import type { LockedUser } from '../user';
import { extensionPoint } from '@countersign/runtime';
import type { ExportedPerson, ExportedRows, ExportSection, Reading } from './exported-rows.repository';
import type { OwnedRows } from './owned-rows.repository';

export interface Lost {
  /** A word for the kind of data, chosen by its module. */
  readonly what: string;
  /** The id of the lost object; `null` if the account had only one. */
  readonly id: string | null;
}

export interface Returned {
  readonly ended?: readonly string[];
  readonly lost?: readonly Lost[];
}

export interface Merged extends Pick<Returned, 'ended'> {
  /** JSON that a separation needs besides the rows. It is sealed with the record of the merge. */
  readonly state?: unknown;
}

/**
 * - `erasure`: the data is lost for good, so the request has to name it.
 * - `deletion`: an operation is not over yet, so the erasure waits some days for it.
 * - `join`: the data stays with its account, so the account cannot join another one.
 */
export type ObjectedAct = 'erasure' | 'deletion' | 'join';

/** What a module does with a person's data when the account is merged, exported or erased. */
export interface AccountData {
  /**
   * Locks rows that other transactions lock before rows of other modules. A merge or an erasure calls it before any
   * module counts or changes anything. Locks are taken in the order of ids.
   */
  lock?(tx: EntityManager, users: readonly LockedUser[]): Promise<void>;
  /** The name of the module's state in stored records of merges. It must never change. */
  readonly name?: string;
  /** Rows that a merge moves, a separation returns, and an erasure deletes or makes anonymous. */
  readonly owned?: readonly OwnedRows[];
  readonly exported?: readonly ExportedRows[];
  /** Runs in a merge before the rows of this module move. */
  merge?(tx: EntityManager, pair: MergePair): Promise<Merged>;
  /** Runs in a merge after the rows have moved. */
  merged?(tx: EntityManager, pair: MergePair): Promise<void>;
  /** Runs in a separation after the rows have returned. */
  separated?(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned>;
  /** Counts like `OwnedRows.counted`, for rows that a merge moves by other means. */
  count?(tx: EntityManager, userId: string): Promise<Record<string, number>>;
  /**
   * What the preview of an erasure names, besides the rows that a merge counts. Each value is SQL from `FROM` on, for
   * the person `$1`. One module names each table that an erasure deletes rows from, except copies.
   */
  readonly lost?: Readonly<Record<string, string>>;
  /** Reads the module's other data about the person lazily. */
  exportOf?(read: Reading, person: ExportedPerson): readonly ExportSection[];
  /** The ids of the objects that prevent an act with the account. */
  objectionsTo?(act: ObjectedAct, manager: EntityManager, userId: string): Promise<readonly string[]>;
  /** Runs in an erasure before the owned rows are deleted. */
  erase?(tx: EntityManager, user: LockedUser): Promise<void>;
}

/** Modules run in this order: rows that refer to rows of other modules come first. */
export const accountDataOrder = {
  proofs: 10,
  sessions: 20,
  referring: 40,
  others: 50,
  audit: 80,
  /** Last, because its row has the data key. */
  users: 100,
} as const;

/** Registers account data at its position. Merge, export and erasure find it, so new data needs no change elsewhere. */
export const HasAccountData = extensionPoint<AccountData, keyof typeof accountDataOrder>();
