import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { CustodyClient } from '../custody/custody-client';
import { Database, Recurring, RunsAtStart } from '@countersign/database';
import { Logger } from '@countersign/runtime';
import { Installation } from '@countersign/users';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { embeddedWalletEvents } from '../embedded-wallets.feature';

const REASON = 'database_restored';

/**
 * Pulls the brake of custody in a restored backup, and in a standby that was promoted: both may have forgotten sends, and
 * the keys by which a repeated call is answered. Only the operator of custody releases it.
 */
@Injectable()
@RunsAtStart()
@Recurring({ name: 'wallet-database', cron: '* * * * *', everyMinutes: 1 })
export class RestoredDatabase {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly installation: Installation,
    private readonly custody: CustodyClient,
    private readonly audit: AuditService,
    private readonly logger: Logger,
  ) {}

  /**
   * Pulls the brake where the database is another one than at the last run, and stores that only then: until it is, all acts
   * are refused.
   * @returns how often it was pulled: 0 or 1, and 0 while custody is away
   */
  async run(): Promise<number> {
    if (!this.custody.isConfigured) return 0;
    const [known, current] = await this.database.read(async (manager) => [
      await this.embedded.findOrigin(manager),
      await this.current(manager),
    ]);
    if (known === current || (known !== null && !(await this.isBraked()))) return 0;
    return this.database.transaction(async (tx) => {
      if (!(await this.embedded.saveOrigin(tx, current))) return 0;
      await this.audit.record(tx, embeddedWalletEvents.brakeApplied, {
        actor: 'system',
        details: { reason: REASON },
      });
      this.logger.warn({}, 'the database was restored or has failed over: all embedded wallets are stopped');
      return 1;
    });
  }

  /** Custody may be away when this process starts. */
  private async isBraked(): Promise<boolean> {
    try {
      await this.custody.brake(uuidv7(), REASON);
      return true;
    } catch (error) {
      this.logger.error({ err: error }, 'the database was restored, and custody has no brake yet');
      return false;
    }
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
    const origin = await this.embedded.nameOfDatabase(manager);
    return [origin, (await this.installation.read(manager)).restoredAt?.toISOString() ?? ''].join(' ');
  }
}
