import { Injectable } from '@nestjs/common';
import { MINUTE, utcDayOf } from '@countersign/clock';
import { Database } from '@countersign/database';
import { AdoptedRows, type CodedRow, type CodedRows } from '../records/adopted-rows';
import type { Findings } from './audit-problem';
import { RecordMacs } from '../records/record-macs';
import { TransactionRecordsRepository, type TimeRange } from '../seals/transaction-records.repository';

/** Its record is written in the same transaction, which may have waited for a lock. */
const RECORDED_BEFORE_MS = MINUTE;
const RECORDED_WITHIN_MS = 10 * MINUTE;

interface GrantCheck {
  readonly now: Date;
  /** The days that the trail has. */
  readonly present: ReadonlySet<string>;
  /** Whether the whole trail is searched for removals. */
  readonly isWhole: boolean;
}

/** Compares rows that grant rights with their codes, and with what the trail says of them. */
@Injectable()
export class GrantingRows {
  constructor(
    private readonly database: Database,
    private readonly rows: AdoptedRows,
    private readonly records: TransactionRecordsRepository,
    private readonly macs: RecordMacs,
  ) {}

  async check(findings: Findings, { now, present, isWhole }: GrantCheck): Promise<void> {
    for (const source of this.rows.sources) {
      const found = await this.listed(source, findings);
      for (const row of found) {
        if (!row.isGenuine) findings.add('principal_forged', { principalId: row.id });
        if (!isInstant(row.createdAt)) findings.add('unreadable', { principalId: row.id });
        else if (present.has(utcDayOf(row.createdAt)) && !(await this.isCreated(source, row)))
          findings.add('principal_unknown', { principalId: row.id });
      }
      for (const id of isWhole ? await this.removed(source, found, now) : [])
        findings.add('principal_removed', { principalId: id });
    }
  }

  /** What a source cannot read is a problem of the rows, not of the verification. */
  private async listed(source: CodedRows, findings: Findings): Promise<readonly CodedRow[]> {
    try {
      return await this.database.read((manager) => source.list(manager));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      findings.add('unreadable');
      return [];
    }
  }

  private async isCreated({ actions }: CodedRows, { id, createdAt }: CodedRow): Promise<boolean> {
    const range = {
      from: new Date(createdAt.getTime() - RECORDED_BEFORE_MS),
      before: new Date(createdAt.getTime() + RECORDED_WITHIN_MS),
    };
    return (await this.recorded(actions.created, [id], range)).length > 0;
  }

  private async removed(
    { actions }: CodedRows,
    rows: readonly CodedRow[],
    now: Date,
  ): Promise<readonly string[]> {
    const ids = rows.map(({ id }) => id);
    const range = { from: new Date(0), before: new Date(now.getTime() + MINUTE) };
    return ids.length === 0 ? [] : this.recorded(actions.removed, ids, range);
  }

  /** The subjects of genuine records, and of those of a version without codes. */
  private async recorded(
    action: string,
    subjects: readonly string[],
    range: TimeRange,
  ): Promise<readonly string[]> {
    const found = await this.database.read((manager) => this.records.about(manager, action, subjects, range));
    return found.flatMap((record) =>
      record.subject !== null && !['wrong', 'unreadable'].includes(this.macs.check(record))
        ? [record.subject]
        : [],
    );
  }
}

/** The driver has a number for an infinite instant. */
function isInstant(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
