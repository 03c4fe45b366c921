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
 * Applies custody's brake in a restored backup and in a promoted standby. Both may lack sends and the keys of repeated
 * calls. Only custody's operator releases the brake.
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
   * Stores the new database only after the brake is applied. Until then, all acts are refused.
   * @returns how often the brake was applied: 0 or 1, and 0 while custody is away
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

  /** Whether the database is not the one of the last run and the brake is not applied yet. */
  async isNew(manager: EntityManager): Promise<boolean> {
    const known = await this.embedded.findOrigin(manager);
    return known !== null && known !== (await this.current(manager));
  }

  /**
   * Names this database. The name changes with the cluster, the database in it, a restored dump, and the WAL's
   * timeline, which a recovery or a failover changes. Only the ledger of erasures detects a copy of the files.
   */
  private async current(manager: EntityManager): Promise<string> {
    const origin = await this.embedded.nameOfDatabase(manager);
    return [origin, (await this.installation.read(manager)).restoredAt?.toISOString() ?? ''].join(' ');
  }
}
