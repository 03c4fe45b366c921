import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';

/** Part of a pass over the rows of one table, in the order of their primary key. */
export interface Step {
  /** Rows up to this one are done; empty at the start. */
  readonly after: string;
  /** How many rows are looked at. */
  readonly limit: number;
}

export interface StepResult {
  /** The last row that was looked at. */
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
