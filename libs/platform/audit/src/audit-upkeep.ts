import { Injectable } from '@nestjs/common';
import { Configuration, DAY } from '@countersign/runtime';
import { AgreedClock, DayPartitions, Recurring, SharedSettings, unavailable } from '@countersign/database';
import { AuditService } from './audit.service';
import { auditEvents } from './audit.feature';

/** Drops records older than `AUDIT_RETENTION_DAYS`. Their signed blocks stay, and the trail names the dropped days. */
@Injectable()
@Recurring({
  name: 'audit-upkeep',
  cron: '13 * * * *',
  everyMinutes: 60,
  removes: {
    'audit records': '`AUDIT_RETENTION_DAYS` (400)',
    'blocks of the audit trail': 'permanently, about 350 bytes each',
  },
})
export class AuditUpkeep {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: AgreedClock,
    private readonly settings: SharedSettings,
  ) {}

  /** @returns the dropped partitions */
  async run(): Promise<readonly string[]> {
    const now = await this.clock.now();
    await this.partitions.ensureWeek('audit_records', now);
    if (this.settings.differ) throw unavailable(new Error('another replica may keep records for longer'));
    const { auditRetentionDays: days } = this.configuration;
    const limit = new Date(now.getTime() - days * DAY);
    return this.partitions.dropBefore('audit_records', limit, async (tx, name) => {
      const details = { retentionDays: String(days) };
      await this.audit.record(tx, auditEvents.dayDropped, { actor: 'system', subject: dayOf(name), details });
    });
  }
}

/** The name of a partition is `audit_records_20260131`. */
function dayOf(partition: string): string {
  return partition.slice(-8).replace(/^(.{4})(.{2})/, '$1-$2-');
}
