import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Recurring, RunsAtStart } from '@countersign/jobs';
import { Logger } from '@countersign/observability';
import { InstallationRepository } from '@countersign/users';
import { DatabaseNameRepository } from '../store/database-name.repository';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

const REASON = 'database_restored';

/**
 * Stops all acts of embedded wallets in a restored backup, and in a standby that was promoted: both may have forgotten sends, and
 * the keys by which a repeated call is answered. An operator releases the brake.
 */
@Injectable()
@RunsAtStart()
@Recurring({ name: 'wallet-database', cron: '* * * * *', everyMinutes: 1 })
export class RestoredDatabase {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly names: DatabaseNameRepository,
    private readonly installation: InstallationRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Applies the brake where the database is another one than at the last run. @returns how often it was applied: 0 or 1 */
  async run(): Promise<number> {
    return this.database.transaction(async (tx) => {
      if (!(await this.embedded.saveOrigin(tx, await this.current(tx)))) return 0;
      // That of an operator stays: who releases the brake sees both.
      const before = (await this.embedded.findBrake(tx))?.reason.split(', ') ?? [];
      const reason = [...new Set([...before, REASON])].join(', ');
      await this.embedded.applyBrake(tx, { reason, appliedAt: this.clock.now() });
      await this.audit.record(tx, 'wallet.brake_applied', { actor: 'system', details: { reason: REASON } });
      this.logger.warn({}, 'the database was restored or has failed over: all embedded wallets are stopped');
      return 1;
    });
  }

  /** Whether the database is another one than at the last run, whose brake is not applied yet. */
  async isNew(manager: EntityManager): Promise<boolean> {
    const known = await this.embedded.findOrigin(manager);
    return known !== null && known !== (await this.current(manager));
  }

  /**
   * What names this database: another cluster, another database in it, a restored dump and another timeline of the WAL, after a
   * recovery to an instant or a failover, differ. Of a copy of the files only the ledger of erasures knows.
   */
  private async current(manager: EntityManager): Promise<string> {
    const origin = await this.names.find(manager);
    return [origin, (await this.installation.read(manager)).restoredAt?.toISOString() ?? ''].join(' ');
  }
}
