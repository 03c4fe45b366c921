import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { AgreedClock, DayPartitions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';

/** Creates tomorrow's partition of the audit log and drops those older than `AUDIT_RETENTION_DAYS`. */
@Injectable()
@Recurring({
  name: 'audit-upkeep',
  cron: '13 * * * *',
  everyMinutes: 60,
  removes: { unit: 'partitions', kept: { 'audit records': '`AUDIT_RETENTION_DAYS` (400)' } },
})
export class AuditUpkeep {
  constructor(
    private readonly partitions: DayPartitions,
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
    return this.partitions.dropBefore(
      'audit_records',
      new Date(now - this.configuration.auditRetentionDays * DAY),
    );
  }
}
