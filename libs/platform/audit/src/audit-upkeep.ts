import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DAY, utcDayOf } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { AgreedClock, Database, DayPartitions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { AuditService } from './audit.service';
import { AuditDaysRepository } from './seals/audit-days.repository';

/**
 * Creates tomorrow's partition of the audit log and drops those older than `AUDIT_RETENTION_DAYS`. The blocks of what is
 * dropped stay. A change of the retention time is recorded before anything is dropped for it.
 */
@Injectable()
@Recurring({
  name: 'audit-upkeep',
  cron: '13 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'partitions',
    retention: {
      'audit records': '`AUDIT_RETENTION_DAYS` (400)',
      'blocks of the audit trail':
        'permanently, about 350 bytes each; the lists of their records as long as these',
    },
  },
})
export class AuditUpkeep {
  constructor(
    private readonly database: Database,
    private readonly partitions: DayPartitions,
    private readonly days: AuditDaysRepository,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns the partitions that were dropped.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<readonly string[]> {
    const now = (await this.clock.now()).getTime();
    await this.partitions.ensure('audit_records', new Date(now));
    await this.partitions.ensure('audit_records', new Date(now + DAY));
    const { auditRetentionDays: days } = this.configuration;
    await this.database.transaction((tx) => this.noteRetention(tx, days));
    const limit = new Date(now - days * DAY);
    const dropped = await this.partitions.dropBefore('audit_records', limit, (tx, name) =>
      this.noteDropped(tx, name),
    );
    await this.database.transaction((tx) => this.days.forgetBefore(tx, utcDayOf(limit)));
    return dropped;
  }

  private async noteRetention(tx: EntityManager, days: number): Promise<void> {
    const before = await this.days.retention(tx);
    if (before === days) return;
    await this.days.saveRetention(tx, days);
    if (before === null) return;
    const details = { before: String(before), after: String(days) };
    await this.audit.record(tx, 'audit.retention_changed', { actor: 'system', details });
  }

  /** A later verification finds days gone that a longer retention time would have kept. */
  private async noteDropped(tx: EntityManager, partition: string): Promise<void> {
    const details = { retentionDays: String(this.configuration.auditRetentionDays) };
    await this.audit.record(tx, 'audit.day_dropped', {
      actor: 'system',
      subject: dayOf(partition),
      details,
    });
  }
}

/** Of the name of a partition: `audit_records_20260131`. */
function dayOf(partition: string): string {
  return partition.slice(-8).replace(/^(.{4})(.{2})/, '$1-$2-');
}
