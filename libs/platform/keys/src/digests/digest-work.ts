import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type BlindIndex } from '@countersign/crypto';
import { Logger } from '@countersign/observability';
import type { DigestedRowsRepository } from './digested-rows.repository';
import type { KeyWork, Step, StepResult } from '../key-work';
import { unlessUnreadable } from '../unless-unreadable';

/** Adds the digests of stored values under the active index key. A feature declares its table and opens its values. */
@Injectable()
export abstract class DigestWork<Row extends { readonly id: string }> implements KeyWork {
  readonly purpose = 'index';
  protected abstract readonly rows: DigestedRowsRepository<Row>;

  constructor(
    protected readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {}

  get name(): string {
    const { digests, kind } = this.rows.table;
    return kind ? `${digests} of ${kind}` : digests;
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.rows.countLacking(manager, keyId);
  }

  deleteOthers(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.rows.deleteOthers(tx, keyId, limit);
  }

  /** `skipped` is the number of rows that were locked. Values that cannot be opened are not among them. */
  async step(tx: EntityManager, step: Step): Promise<StepResult & { readonly skipped: number }> {
    const found = await this.rows.lookAt(tx, this.keyRing.active('index').id, step);
    const lacking = found.filter(({ isDigested }) => !isDigested).map(({ id }) => id);
    const free = lacking.length === 0 ? [] : await this.rows.lockFree(tx, lacking);
    const done = free.length === 0 ? 0 : await this.digest(tx, free);
    return {
      position: found.at(-1)?.id ?? step.after,
      done,
      skipped: lacking.length - free.length,
      isEnd: found.length < step.limit,
    };
  }

  /** Stores the digests of rows that are locked until the end of the transaction. @returns the number of rows */
  protected abstract digest(tx: EntityManager, free: readonly Row[]): Promise<number>;

  /** Stores the digests that `digestsOf` makes of the rows. @returns the rows whose values could be opened */
  protected async insert(
    tx: EntityManager,
    free: readonly Row[],
    digestsOf: (row: Row) => readonly BlindIndex[],
  ): Promise<readonly Row[]> {
    const opened: Row[] = [];
    const added: (BlindIndex & { readonly id: string })[] = [];
    for (const row of free) {
      const digests = await this.attempt(row.id, () => digestsOf(row));
      if (!digests) continue;
      opened.push(row);
      added.push(...digests.map((digest) => ({ ...digest, id: row.id })));
    }
    if (added.length > 0) await this.rows.insert(tx, added);
    return opened;
  }

  /** Null for a row whose value cannot be opened. */
  protected attempt<T>(row: string, work: () => T | Promise<T>): Promise<T | null> {
    return unlessUnreadable(this.logger, { work: this.name, row }, work);
  }
}
