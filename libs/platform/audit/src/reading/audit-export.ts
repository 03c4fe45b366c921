import { Injectable } from '@nestjs/common';
import { Clock, utcDayOf } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import type { StoredRecord } from '../records/audit-pages.repository';
import { AuditReader, type AuditSearch } from './audit-reader';
import { toLine, type BlockLine } from '../seals/audit-block';
import { AuditBlocksRepository } from '../seals/audit-blocks.repository';
import type { ExportHead } from '../verification/verify-export';

/** A line of an export with proofs. */
export type ExportLine =
  | { readonly export: ExportHead }
  | { readonly block: BlockLine }
  | { readonly leaves: string; readonly of: number }
  | { readonly record: StoredRecord }
  | { readonly end: { readonly records: number; readonly blocks: number } };

const BLOCKS_PER_READ = 1_000;
const LISTS_PER_READ = 20;

/** Exports records with the blocks that seal them, so that the export can be verified by a public key alone. */
@Injectable()
export class AuditExport {
  constructor(
    private readonly database: Database,
    private readonly blocks: AuditBlocksRepository,
    private readonly reader: AuditReader,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** In the order that `verifyExport` reads, a part at a time. */
  async *lines(range: Pick<AuditSearch, 'from' | 'before'>): AsyncGenerator<readonly ExportLine[]> {
    const now = this.clock.now();
    const before = range.before && range.before < now ? range.before : now;
    const head: ExportHead = {
      version: 1,
      exportedAt: now.toISOString(),
      from: range.from?.toISOString() ?? null,
      before: before.toISOString(),
      retentionDays: this.configuration.auditRetentionDays,
    };
    yield [{ export: head }];
    let last = 0;
    for await (const part of this.chain()) {
      yield part.map((block) => ({ block }));
      last = part.at(-1)?.number ?? last;
    }
    let day = '';
    let records = 0;
    for await (const batch of this.reader.export({ from: range.from, before })) {
      for (const [of, ofDay] of byDay(batch)) {
        if (of !== day) for await (const lists of this.listsOf(of, last)) yield lists;
        day = of;
        records += ofDay.length;
        yield ofDay.map((record) => ({ record }));
      }
    }
    yield [{ end: { records, blocks: last } }];
  }

  private async *chain(): AsyncGenerator<readonly BlockLine[]> {
    let position = 0;
    for (;;) {
      const after = position;
      const found = await this.database.read((manager) => this.blocks.after(manager, after, BLOCKS_PER_READ));
      if (found.length > 0) yield found.map(toLine);
      position = found.at(-1)?.number ?? position;
      if (found.length < BLOCKS_PER_READ) return;
    }
  }

  private async *listsOf(day: string, last: number): AsyncGenerator<readonly ExportLine[]> {
    let position = 0;
    for (;;) {
      const after = position;
      const found = await this.database.read((manager) =>
        this.blocks.ofDay(manager, day, after, LISTS_PER_READ),
      );
      yield found.flatMap(({ block, leaves }) =>
        leaves && block.number <= last ? { leaves: leaves.toString('base64'), of: block.number } : [],
      );
      position = found.at(-1)?.block.number ?? position;
      if (found.length < LISTS_PER_READ) return;
    }
  }
}

function byDay(records: readonly StoredRecord[]): ReadonlyMap<string, readonly StoredRecord[]> {
  const days = new Map<string, StoredRecord[]>();
  for (const record of records) {
    const day = utcDayOf(record.occurredAt);
    days.set(day, [...(days.get(day) ?? []), record]);
  }
  return days;
}
