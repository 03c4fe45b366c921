import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, rows } from '@countersign/database';
import type { KeyProgressEntity } from './key-progress.entity';

export type KeyProgress = Readonly<KeyProgressEntity>;

const PROGRESS = columns<KeyProgress>({
  work: 'text',
  keyId: 'text',
  position: 'text',
  done: 'integer',
  remaining: 'integer',
  isComplete: 'boolean',
  passStartedAt: 'timestamptz',
  changedAt: 'timestamptz',
});
const VALUES = PROGRESS.omit('work');

@Injectable()
export class KeyProgressRepository {
  async findAll(manager: EntityManager): Promise<readonly KeyProgress[]> {
    return rows<KeyProgress>(manager, `SELECT ${PROGRESS.selected} FROM key_progress ORDER BY work`);
  }

  async save(manager: EntityManager, progress: KeyProgress): Promise<void> {
    await manager.query(
      `INSERT INTO key_progress (${PROGRESS.names}) ${PROGRESS.unnest()}
       ON CONFLICT (work) DO UPDATE SET ${VALUES.assignedFrom('excluded')}`,
      PROGRESS.arraysOf([progress]),
    );
  }
}
