import type { EntityManager } from 'typeorm';
import { openBytes, sealBytes, type KeyRing } from '@countersign/crypto';
import type { Logger } from '@countersign/observability';
import type { KeyWork, Step, StepResult } from './key-work';
import type { ResealedValue, SealedValue, SealedValuesRepository } from './store/sealed-values.repository';
import type { SealedColumn } from './sealed-columns';
import { unlessUnreadable } from './unless-unreadable';

/** Seals the values of one column again, under the active key. */
export class SealedWork implements KeyWork {
  readonly purpose = 'sealing';
  readonly name: string;

  constructor(
    private readonly column: SealedColumn,
    private readonly repository: SealedValuesRepository,
    private readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {
    this.name = `${column.table}.${column.column}`;
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countOthers(manager, this.column, keyId);
  }

  deleteOthers(): Promise<number> {
    return Promise.resolve(0);
  }

  async step(tx: EntityManager, step: Step): Promise<StepResult> {
    const found = await this.repository.lookAt(tx, this.column, this.keyRing.active('sealing').id, step);
    const resealed: ResealedValue[] = [];
    for (const { id, sealed } of found) {
      const value = sealed === null ? null : await this.reseal({ id, sealed });
      if (value) resealed.push(value);
    }
    const done = resealed.length === 0 ? 0 : await this.repository.replace(tx, this.column, resealed);
    return { position: found.at(-1)?.id ?? step.after, done, isEnd: found.length < step.limit };
  }

  private reseal(value: SealedValue): Promise<ResealedValue | null> {
    const { table, column } = this.column;
    const aad = { table, column, row: value.id };
    return unlessUnreadable(this.logger, { work: this.name, row: value.id }, () => {
      const plain = openBytes((keyId) => this.keyRing.find('sealing', keyId), aad, value.sealed);
      return { ...value, next: sealBytes(this.keyRing.active('sealing'), aad, plain) };
    });
  }
}
