import type { EntityManager } from 'typeorm';
import { SealError } from '@countersign/crypto';
import { extensionPoint, type Logger } from '@countersign/runtime';

/** Part of a pass over the rows of one table, in the order of their primary key. */
export interface Step {
  /** Rows up to this one are done; empty at the start. */
  readonly after: string;
  readonly limit: number;
}

export interface StepResult {
  readonly position: string;
  readonly done: number;
  /** Whether no rows follow. */
  readonly isEnd: boolean;
}

/** Brings stored values to the first key of a purpose. Every step may be repeated, by any process. */
export interface KeyWork {
  /** `users.data_key` */
  readonly name: string;
  readonly purpose: 'sealing' | 'index';
  /** How many rows are not at the key yet. */
  countBehind(manager: EntityManager, keyId: string): Promise<number>;
  step(tx: EntityManager, step: Step): Promise<StepResult>;
  /** Deletes up to `limit` values that serve other keys alone. @returns how many. */
  deleteOthers(tx: EntityManager, keyId: string, limit: number): Promise<number>;
}

export const BringsToActiveKey = extensionPoint<KeyWork>();

/** What `work` answers; null, with a line in the log, for a value that cannot be opened: it stays, and needs its key. */
export async function unlessUnreadable<T>(
  logger: Logger,
  of: { readonly work: string; readonly row: string },
  work: () => T | Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    logger.error({ ...of, err: error }, 'a value cannot be opened');
    return null;
  }
}
