import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  BringsToActiveKey,
  type FormerKey,
  type KeyWork,
  type Step,
  type StepResult,
} from '@countersign/keys';
import { IdentityMarksRepository } from './identity-marks.repository';

/** Marks under index keys. Only digests are left of their identities: a key that made one is needed until it ends. */
@Injectable()
@BringsToActiveKey()
export class IdentityMarkWork implements KeyWork {
  readonly name = 'identity_marks';
  readonly purpose = 'index';

  constructor(private readonly repository: IdentityMarksRepository) {}

  countBehind(): Promise<number> {
    return Promise.resolve(0);
  }

  step(_tx: EntityManager, { after }: Step): Promise<StepResult> {
    return Promise.resolve({ position: after, done: 0, isEnd: true });
  }

  countNeeding(manager: EntityManager, key: FormerKey): Promise<number> {
    return this.repository.countNeeding(manager, key);
  }

  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.repository.deleteUnder(tx, keyId, limit);
  }
}
