import type { EntityManager } from 'typeorm';
import type { MergePair, ReturnPair } from '../moves/user-merging.repository';
import { extensionPoint } from '@countersign/runtime';
import type { ExportedPerson, ExportedRows, ExportSection, Reading } from './exported-rows.repository';
import type { OwnedRows } from './owned-rows.repository';

export interface Lost {
  /** A word of the module that had it. */
  readonly what: string;
  /** Of what several can be lost of. */
  readonly id: string | null;
}

export interface Returned {
  /** Ids of sessions that it ended. */
  readonly ended?: readonly string[];
  readonly lost?: readonly Lost[];
}

/** What a module did before its rows moved. */
export interface Merged extends Pick<Returned, 'ended'> {
  /** What a separation needs besides the rows, as JSON. It is sealed with the record of the merge. */
  readonly state?: unknown;
}

/**
 * - `erasure`: it is lost for good, so the request has to name it.
 * - `deletion`: it is not over yet, so the erasure waits some days for it.
 * - `join`: it stays with its account, which therefore joins no other one.
 */
export type ObjectedAct = 'erasure' | 'deletion' | 'join';

/** What a module does with its data of a person when the account is merged, exported or erased. */
export interface AccountData {
  /**
   * Locks rows that other transactions lock before rows of other modules, for a merge or an erasure: in the order of their
   * ids, before any module counts or changes anything. The caller has locked the users.
   */
  lock?(tx: EntityManager, userIds: readonly string[]): Promise<void>;
  /** The name of its state in stored records of merges: never changed. */
  readonly name?: string;
  /** Rows that move by a merge, return by a separation, and go or lose the name by an erasure. */
  readonly owned?: readonly OwnedRows[];
  /** Rows that an export shows as they are. */
  readonly exported?: readonly ExportedRows[];
  /** What a merge asks for before the rows of this module move. */
  merge?(tx: EntityManager, pair: MergePair): Promise<Merged>;
  /** What it asks for after they have. */
  merged?(tx: EntityManager, pair: MergePair): Promise<void>;
  /** What a separation asks for after they have returned. */
  separated?(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned>;
  /** As `OwnedRows.counted`, of rows that a merge moves by other means. */
  count?(tx: EntityManager, userId: string): Promise<Record<string, number>>;
  /**
   * What the preview of an erasure names besides the rows that a merge counts: names, each with SQL of its rows from
   * `FROM` on, for the person `$1`. Each table that an erasure deletes rows from is named by one module, but for copies of other
   * rows.
   */
  readonly lost?: Readonly<Record<string, string>>;
  /** What else the module stores about the person, lazily. */
  exportOf?(read: Reading, person: ExportedPerson): readonly ExportSection[];
  /** Ids of what speaks against an act with the account. Absent where a module has nothing of the kind. */
  objectionsTo?(act: ObjectedAct, manager: EntityManager, userId: string): Promise<readonly string[]>;
  /** What an erasure asks for before the owned rows go. The caller has locked the user. */
  erase?(tx: EntityManager, userId: string): Promise<void>;
}

/** The order of modules: what refers to rows of others comes first. */
export const accountDataOrder = {
  proofs: 10,
  sessions: 20,
  /** Of modules that refer to rows of others. */
  referring: 40,
  others: 50,
  audit: 80,
  /** Last: its row has the data key. */
  users: 100,
} as const;

/**
 * Registers a provider as the account data of its module, with its position among all modules. Merging, export and erasure
 * find it by that, so a new module with personal data needs no change elsewhere.
 */
export const HasAccountData = extensionPoint<AccountData, keyof typeof accountDataOrder>();
