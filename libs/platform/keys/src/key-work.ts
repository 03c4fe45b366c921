import type { EntityManager } from 'typeorm';
import { SealError } from '@countersign/crypto';
import { extensionPoint, type Logger } from '@countersign/runtime';

/** A chunk of a pass over the rows of one table, in the order of their primary key. */
export interface Step {
  /** The primary key of the last row that is done; empty at the start. */
  readonly after: string;
  readonly limit: number;
}

export interface StepResult {
  readonly position: string;
  readonly done: number;
  readonly isEnd: boolean;
}

/** Moves stored values to the first key of a purpose. Any process may repeat any step. */
export interface KeyWork {
  /** For example `users.data_key`. */
  readonly name: string;
  readonly purpose: 'sealing' | 'index';
  countBehind(manager: EntityManager, keyId: string): Promise<number>;
  step(tx: EntityManager, step: Step): Promise<StepResult>;
  /** Deletes at most `limit` values that only serve other keys. @returns the number of deleted values */
  deleteOthers(tx: EntityManager, keyId: string, limit: number): Promise<number>;
}

export const BringsToActiveKey = extensionPoint<KeyWork>();

/** A value that cannot be opened gives null and a line in the log: it stays, and needs its key. */
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
