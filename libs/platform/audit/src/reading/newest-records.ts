import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import type { AuditAction } from '../audit-actions';
import { RecordMacs } from '../records/record-macs';
import {
  TransactionRecordsRepository,
  type TransactionRecord,
} from '../seals/transaction-records.repository';

interface NewestRecord {
  readonly record: Pick<TransactionRecord, 'occurredAt' | 'actor' | 'details'>;
  /** Whether this service wrote it. */
  readonly isGenuine: boolean;
}

/** The newest record of one action. Reading it is not recorded. */
@Injectable()
export class NewestRecords {
  constructor(
    private readonly database: Database,
    private readonly records: TransactionRecordsRepository,
    private readonly macs: RecordMacs,
  ) {}

  /** Null without one since `from`. There is no index: it reads all newer records of other actions. */
  async find(action: AuditAction, from: Date): Promise<NewestRecord | null> {
    const record = await this.database.read((manager) => this.records.newest(manager, action, from));
    return record && { record, isGenuine: this.macs.check(record) === 'right' };
  }
}
