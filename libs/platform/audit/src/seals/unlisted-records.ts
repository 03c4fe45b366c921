import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HOUR, MINUTE, utcDayOf } from '@countersign/clock';
import { Logger } from '@countersign/observability';
import { FIRST_ID } from '../records/audit-pages.repository';
import { isSignedBy } from './audit-block';
import { AuditBlocksRepository, type StoredBlock } from './audit-blocks.repository';
import { AuditKeys, type SigningAuditKey } from './audit-keys';
import { rootOf, unpackLeaves } from './block-leaves';
import { readableLeafOf } from '../records/record-encoding';
import {
  TransactionRecordsRepository,
  type TimeRange,
  type TransactionRecord,
} from './transaction-records.repository';

/** By then a record is in a block, unless something is wrong. */
const LISTED_WITHIN_MS = 2 * MINUTE;
/** Of one transaction; a day is a multiple of it. */
const SLICE_MS = 10 * MINUTE;
const RECORDS_PER_READ = 5_000;
/** How far a look goes back at most. */
const LONGEST_LOOK_MS = HOUR;

/** A part of a day. */
interface DaySlice {
  readonly day: string;
  readonly range: TimeRange;
}

/**
 * Finds records by what is in no block, of any transaction: nothing but signed blocks tells which records are sealed.
 * Each look begins where the last one of the process has ended, with a margin.
 */
@Injectable()
export class UnlistedRecords {
  private lookedAt: Date | null = null;

  constructor(
    private readonly blocks: AuditBlocksRepository,
    private readonly records: TransactionRecordsRepository,
    private readonly keys: AuditKeys,
    private readonly logger: Logger,
  ) {}

  slices(now: Date): readonly DaySlice[] {
    const end = now.getTime() - LISTED_WITHIN_MS;
    const from = Math.max(this.lookedAt?.getTime() ?? 0, now.getTime() - LONGEST_LOOK_MS) - SLICE_MS;
    const slices: DaySlice[] = [];
    for (let at = Math.floor(from / SLICE_MS) * SLICE_MS; at < end; at += SLICE_MS) {
      const range = { from: new Date(at), before: new Date(Math.min(at + SLICE_MS, end)) };
      slices.push({ day: utcDayOf(range.from), range });
    }
    return slices;
  }

  noteLooked(now: Date): void {
    this.lookedAt = now;
  }

  /**
   * In the order of the day: records whose leaf, which covers all of the record, is in no list. The ids of lists are not
   * signed.
   */
  async find(manager: EntityManager, day: string, range: TimeRange): Promise<readonly TransactionRecord[]> {
    const unlisted: TransactionRecord[] = [];
    let listed: ReadonlySet<string> | null = null;
    let position = { instant: range.from.toISOString(), id: FIRST_ID };
    for (;;) {
      const found = await this.records.after(manager, range, position, RECORDS_PER_READ);
      if (found.length > 0) listed ??= await this.leavesOf(manager, day, range);
      for (const record of found) {
        const leaf = readableLeafOf(record);
        if (!leaf || listed?.has(nameOf(leaf)) !== true) unlisted.push(record);
      }
      position = found.at(-1) ?? position;
      if (found.length < RECORDS_PER_READ) return unlisted;
    }
  }

  private async leavesOf(
    manager: EntityManager,
    day: string,
    range: TimeRange,
  ): Promise<ReadonlySet<string>> {
    const stored = await this.blocks.overlapping(manager, day, range);
    const keys = await this.keys.genuine(manager);
    return new Set(stored.flatMap((one) => this.leavesIn(one, keys)));
  }

  /** None of a block of a former key: soon after a rotation its records are sealed once more. */
  private leavesIn({ block, leaves }: StoredBlock, keys: readonly SigningAuditKey[]): readonly string[] {
    const key = keys.find(({ keyId }) => keyId === block.keyId);
    const entries = leaves && unpackLeaves(leaves);
    if (!key) return [];
    const isWhole = entries?.length === block.count && rootOf(entries).equals(block.root);
    if (isWhole && isSignedBy(block, key.publicKey)) return entries.map(({ leaf }) => nameOf(leaf));
    this.logger.error(
      { block: block.number, day: block.day },
      'a block of the audit trail, or its list of records, was changed: its records are sealed again',
    );
    return [];
  }
}

function nameOf(leaf: Buffer): string {
  return leaf.toString('base64');
}
