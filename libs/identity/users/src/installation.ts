import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { userEvents } from './users.feature';

/** How many days a merge or a link can be separated. */
export const SEPARATION_DAYS = 7;

/** Settings of the whole installation, in one row. */
@Entity('installation')
export class InstallationEntity {
  @PrimaryColumn({ type: 'boolean', default: true })
  isOnly: boolean;

  /** Whether operators can find accounts by usernames at platforms. */
  @Column({ type: 'boolean', default: false })
  usernameLookup: boolean;

  @Column({ type: 'timestamptz', nullable: true })
  lookupSwitchedAt: Date | null;

  /** The last identity whose digest was written after the look-up was switched on; `null` when all are done. */
  @Column({ type: 'uuid', nullable: true })
  lookupPosition: string | null;

  /** When this database was last found to be a restored backup, or to share its ledger with a copy; `null` if never. */
  @Column({ type: 'timestamptz', nullable: true })
  restoredAt: Date | null;

  /** The id of this database in the ledger of erasures. A copy gets another id. */
  @Column({ type: 'uuid' })
  id: string;

  /** The highest entry of the ledger that this database knows. */
  @Column({ type: 'integer', default: 0 })
  ledgerNumber: number;

  /** The id of a mark that may be in the ledger already. */
  @Column({ type: 'uuid', nullable: true })
  pendingMark: string | null;

  /** When a start found unknown entries in the ledger; `null` after an operator has answered. */
  @Column({ type: 'timestamptz', nullable: true })
  disputedSince: Date | null;

  /** Proofs made before this instant do not count. A restore sets it. */
  @Column({ type: 'timestamptz', nullable: true })
  proofsNotBefore: Date | null;
}

type InstallationSettings = Pick<InstallationEntity, 'usernameLookup'>;

const ONLY = { isOnly: true } as const;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class Installation {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async read(manager?: EntityManager): Promise<InstallationEntity> {
    return this.database.read((reading) => reading.findOneByOrFail(InstallationEntity, ONLY), manager);
  }

  async lock(tx: EntityManager): Promise<InstallationEntity> {
    return tx.findOneOrFail(InstallationEntity, { where: ONLY, lock: { mode: 'pessimistic_write' } });
  }

  async save(tx: EntityManager, change: Partial<InstallationEntity>): Promise<void> {
    await tx.update(InstallationEntity, ONLY, change);
  }

  /** Records that this database knows an entry of the ledger. @param mark its id, if it is a mark */
  async noteLedger(tx: EntityManager, number: number, mark?: string): Promise<void> {
    const { ledgerNumber, pendingMark } = await this.lock(tx);
    await this.save(tx, {
      ledgerNumber: Math.max(ledgerNumber, number),
      pendingMark: pendingMark === mark ? null : pendingMark,
    });
  }

  /** Changes settings for an operator. Sign-ins follow the switch from now on, and a job treats the other digests. */
  async change({ usernameLookup }: Partial<InstallationSettings>): Promise<InstallationSettings> {
    if (usernameLookup === undefined) return this.read();
    return this.database.transaction(async (tx) => {
      const before = await this.lock(tx);
      const lookupPosition = usernameLookup ? BEFORE_ALL : null;
      if (usernameLookup !== before.usernameLookup)
        await this.save(tx, { usernameLookup, lookupPosition, lookupSwitchedAt: this.clock.now() });
      const details = { usernameLookup: String(usernameLookup) };
      await this.audit.recordByOperator(tx, userEvents.installationChanged, { details });
      return { usernameLookup };
    });
  }
}
