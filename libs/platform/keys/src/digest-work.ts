import type { EntityManager } from 'typeorm';
import type { KeyRing } from '@countersign/crypto';
import type { Logger } from '@countersign/observability';
import type { FormerKey, KeyWork, Step, StepResult } from './key-work';
import { unlessUnreadable } from './unless-unreadable';

/** A row of a step, and whether it has a digest under the active key. */
export interface Digested {
  readonly id: string;
  readonly isDigested: boolean;
}

/** Adds the digests of stored values under the active index key. */
export abstract class DigestWork<Row extends Digested> implements KeyWork {
  readonly purpose = 'index';
  abstract readonly name: string;

  constructor(
    protected readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {}

  abstract countBehind(manager: EntityManager, keyId: string): Promise<number>;
  abstract deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number>;
  protected abstract lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly Row[]>;
  /** @returns how many rows got their digests */
  protected abstract digest(tx: EntityManager, lacking: readonly Row[]): Promise<number>;

  /** A value that has a digest under the active key does not need another one. */
  countNeeding(manager: EntityManager, { activeId }: FormerKey): Promise<number> {
    return this.countBehind(manager, activeId);
  }

  async step(tx: EntityManager, step: Step): Promise<StepResult> {
    const found = await this.lookAt(tx, this.keyRing.active('index').id, step);
    const lacking = found.filter(({ isDigested }) => !isDigested);
    const done = lacking.length === 0 ? 0 : await this.digest(tx, lacking);
    return { position: found.at(-1)?.id ?? step.after, done, isEnd: found.length < step.limit };
  }

  /** Null for a row whose value cannot be opened. */
  protected attempt<T>(row: string, work: () => T | Promise<T>): Promise<T | null> {
    return unlessUnreadable(this.logger, { work: this.name, row }, work);
  }
}
