import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InstallationEntity } from './installation.entity';

const ONLY = { isOnly: true } as const;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** The row of settings of the installation. */
@Injectable()
export class InstallationRepository {
  async read(manager: EntityManager): Promise<InstallationEntity> {
    return manager.findOneByOrFail(InstallationEntity, ONLY);
  }

  /** Until the end of the transaction no other one changes it. */
  async lock(tx: EntityManager): Promise<InstallationEntity> {
    return tx.findOneOrFail(InstallationEntity, { where: ONLY, lock: { mode: 'pessimistic_write' } });
  }

  async save(tx: EntityManager, change: Partial<InstallationEntity>): Promise<void> {
    await tx.update(InstallationEntity, ONLY, change);
  }

  /** Sign-ins write digests of usernames from now on, or no more; the job does the rest. */
  async switchLookup(tx: EntityManager, usernameLookup: boolean, now: Date): Promise<void> {
    const lookupPosition = usernameLookup ? BEFORE_ALL : null;
    await this.save(tx, { usernameLookup, lookupSwitchedAt: now, lookupPosition });
  }
}
