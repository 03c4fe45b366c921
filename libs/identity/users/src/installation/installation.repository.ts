import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InstallationEntity } from './installation.entity';

/** Settings of the installation, as they are stored in its row. */
export interface InstallationRow {
  /** Whether operators find accounts by usernames of identities. */
  readonly usernameLookup: boolean;
}

/** The row of settings. */
@Injectable()
export class InstallationRepository {
  async read(manager: EntityManager): Promise<InstallationRow> {
    return known(await manager.findOneBy(InstallationEntity, { isOnly: true }));
  }

  /** Until the end of the transaction no other one changes it. */
  async lock(tx: EntityManager): Promise<InstallationRow> {
    return known(await this.lockLookup(tx));
  }

  /** @param switchedAt when `usernameLookup` differs: sign-ins write digests from now on, or no more; the job does the rest */
  async save(tx: EntityManager, row: InstallationRow, switchedAt: Date | null): Promise<void> {
    const begun = {
      lookupIsComplete: false,
      lookupSwitchedAt: switchedAt,
      lookupPassAt: null,
      lookupPosition: null,
      lookupSkipped: 0,
    };
    await tx.update(InstallationEntity, { isOnly: true }, { ...row, ...(switchedAt && begun) });
  }

  /** Whether operators find accounts by usernames, and whether all by now. */
  async readLookup(
    manager: EntityManager,
  ): Promise<Pick<InstallationEntity, 'usernameLookup' | 'lookupIsComplete'>> {
    return manager.findOneByOrFail(InstallationEntity, { isOnly: true });
  }

  /** As `lock`, with how far the digests of usernames are. */
  async lockLookup(tx: EntityManager): Promise<InstallationEntity> {
    return tx.findOneOrFail(InstallationEntity, {
      where: { isOnly: true },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** When this database was last found to be a restored backup, whichever process found it; `null` if never. */
  async restoredAt(manager: EntityManager): Promise<Date | null> {
    return (await manager.findOneBy(InstallationEntity, { isOnly: true }))?.restoredAt ?? null;
  }

  async setRestored(tx: EntityManager, restoredAt: Date): Promise<void> {
    await tx.update(InstallationEntity, { isOnly: true }, { restoredAt });
  }

  async saveLookup(tx: EntityManager, pass: InstallationEntity): Promise<void> {
    await tx.update(InstallationEntity, { isOnly: true }, pass);
  }
}

function known(stored: InstallationEntity | null): InstallationRow {
  return {
    usernameLookup: stored?.usernameLookup ?? false,
  };
}
