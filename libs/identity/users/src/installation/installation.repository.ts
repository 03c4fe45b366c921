import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  InstallationEntity,
  revealApprovals,
  SEPARATION_DAYS,
  type RevealApproval,
} from './installation.entity';

/** Settings of the installation, as they are stored in its row. */
export interface InstallationRow {
  readonly revealApproval: RevealApproval;
  readonly exportApproval: RevealApproval;
  /** For how many days a merge or a link can be separated. */
  readonly separationDays: number;
}

/** The row of settings. An unknown value counts as the strictest. */
@Injectable()
export class InstallationRepository {
  async read(manager: EntityManager): Promise<InstallationRow> {
    return known(await manager.findOneBy(InstallationEntity, { isOnly: true }));
  }

  /** Until the end of the transaction no other one changes it. */
  async lock(tx: EntityManager): Promise<InstallationRow> {
    const found = await tx.findOne(InstallationEntity, {
      where: { isOnly: true },
      lock: { mode: 'pessimistic_write' },
    });
    return known(found);
  }

  async save(tx: EntityManager, row: InstallationRow): Promise<void> {
    await tx.save(InstallationEntity, { isOnly: true, ...row });
  }
}

function known(stored: InstallationEntity | null): InstallationRow {
  return {
    revealApproval: revealApprovals.find((one) => one === stored?.revealApproval) ?? 'second-principal',
    exportApproval: revealApprovals.find((one) => one === stored?.exportApproval) ?? 'second-principal',
    separationDays: stored?.separationDays ?? SEPARATION_DAYS,
  };
}
