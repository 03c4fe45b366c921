import { fromLine, type AuditBlock, type PublicAuditKey } from '../seals/audit-block';
import { DAY, utcDayOf } from '@countersign/clock';
import { Findings, type AuditVerdict } from './audit-problem';
import { checkBlock, SEALED_WITHIN_MS, type Cut } from './block-check';
import { ChainCheck, type Anchors } from './chain-check';
import type { AuthenticatedRecord } from '../records/record-encoding';

/** The first line of an export with proofs. It is not signed: see what it covers before you rely on it. */
export interface ExportHead {
  readonly version: 1;
  readonly exportedAt: string;
  /** Null for everything. */
  readonly from: string | null;
  readonly before: string;
  readonly retentionDays: number;
}

export interface ExportVerdict extends AuditVerdict {
  /** What its head claims. Blocks of days that are over by `retentionDays` need no records. */
  readonly covers: Pick<ExportHead, 'from' | 'before' | 'exportedAt' | 'retentionDays'> | null;
}

type Line = Readonly<Record<string, unknown>>;

const MAX_DAYS = 100_000;
const RECORD_MEMBERS = new Set([
  'occurredAt',
  'id',
  'action',
  'actor',
  'subject',
  'applicationId',
  'requestId',
  'details',
  'macKeyId',
  'mac',
]);

/**
 * Verifies an export with proofs by public keys alone, without the database and the key ring. Keeps the records of one day
 * in memory. All blocks come first, in the order of their numbers; the lists of the blocks of a day before its records.
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  publicKeys: readonly PublicAuditKey[],
  anchors: Anchors,
): Promise<ExportVerdict> {
  const check = new ExportCheck(publicKeys, anchors);
  for await (const line of lines) if (line.trim() !== '') check.read(line);
  return check.finish();
}

class ExportCheck {
  private readonly findings = new Findings();
  private readonly chain: ChainCheck;
  private head: ExportHead | null = null;
  private end: unknown = null;
  private hasContent = false;
  private lines = 0;
  private readonly byDay = new Map<string, AuditBlock[]>();
  private readonly leaves = new Map<number, Buffer>();
  private day: string | null = null;
  private records = new Map<string, AuthenticatedRecord>();

  constructor(publicKeys: readonly PublicAuditKey[], anchors: Anchors) {
    this.chain = new ChainCheck(publicKeys, anchors, this.findings);
  }

  read(text: string): void {
    const line = parse(text);
    if (!line || this.end !== null) this.findings.add('line_unreadable');
    else if (hasOnly(line, 'export')) this.readHead(line);
    else if (hasOnly(line, 'end')) this.end = line['end'] ?? {};
    else if (hasOnly(line, 'block')) this.readBlock(line);
    else if (hasOnly(line, 'leaves', 'of')) this.readLeaves(line);
    else this.readRecord(line);
  }

  finish(): ExportVerdict {
    this.closeDay();
    // Days whose records are all absent.
    for (const day of [...this.byDay.keys()].toSorted()) this.checkDay(day, new Map());
    this.chain.finish();
    // Lists of blocks that are not there, or not of the days of the records around them.
    if (this.leaves.size > 0 || !this.head) this.findings.add('line_unreadable');
    if (this.end === null || (this.findings.verdict.isSound && !this.isCounted(this.end)))
      this.findings.add('file_cut');
    const { head } = this;
    const covers = head && {
      from: head.from,
      before: head.before,
      exportedAt: head.exportedAt,
      retentionDays: head.retentionDays,
    };
    return { ...this.findings.verdict, covers };
  }

  private isCounted(end: unknown): boolean {
    const { records, blocks } = end as { readonly records?: unknown; readonly blocks?: unknown };
    return records === this.lines && blocks === this.findings.blocks;
  }

  private readHead(line: Line): void {
    const head = headIn(line['export']);
    if (head && !this.head) this.head = head;
    else this.findings.add('line_unreadable');
  }

  private readBlock(line: Line): void {
    if (this.hasContent) this.findings.add('line_unreadable');
    const block = fromLine(line['block']);
    if (!block) {
      this.findings.add('block_unreadable');
      return;
    }
    this.chain.add(block);
    if (block.day === null) return;
    this.byDay.set(block.day, [...(this.byDay.get(block.day) ?? []), block]);
  }

  private readLeaves({ leaves, of: number }: Line): void {
    this.hasContent = true;
    if (typeof number !== 'number' || typeof leaves !== 'string' || this.leaves.has(number))
      this.findings.add('line_unreadable');
    else this.leaves.set(number, Buffer.from(leaves, 'base64'));
  }

  private readRecord(line: Line): void {
    this.hasContent = true;
    this.lines += 1;
    const record = recordIn(line);
    if (!record || !this.isCovered(record)) {
      this.findings.add('line_unreadable');
      return;
    }
    const day = record.instant.slice(0, 10);
    if (day !== this.day) {
      this.closeDay();
      this.day = day;
    }
    if (this.records.has(record.id)) this.findings.add('record_repeated', { day, recordId: record.id });
    this.records.set(record.id, record);
  }

  private closeDay(): void {
    if (this.day !== null) this.checkDay(this.day, this.records);
    this.records = new Map();
    this.day = null;
  }

  private checkDay(day: string, records: ReadonlyMap<string, AuthenticatedRecord>): void {
    const sealed = new Set<string>();
    for (const block of this.byDay.get(day) ?? []) {
      this.checkBlock(block, this.leaves.get(block.number) ?? null, records, sealed);
      this.leaves.delete(block.number);
    }
    this.byDay.delete(day);
    for (const record of records.values()) if (!sealed.has(record.id)) this.judgeUnsealed(record, day);
  }

  private checkBlock(
    block: AuditBlock,
    leaves: Buffer | null,
    records: ReadonlyMap<string, AuthenticatedRecord>,
    sealed: Set<string>,
  ): void {
    const needsNoLeaves =
      this.isOutside(block) || this.isExpired(block) || (records.size === 0 && this.spansExport(block));
    if (!leaves && needsNoLeaves) {
      this.findings.expiredBlocks += this.isExpired(block) ? 1 : 0;
      this.findings.outside += this.isExpired(block) ? 0 : block.count;
      return;
    }
    const find = (id: string): AuthenticatedRecord | undefined => {
      sealed.add(id);
      return records.get(id);
    };
    checkBlock(block, leaves, find, { origin: null, macs: null, cut: this.cutOf(block) }, this.findings);
  }

  /** Whether none of its records is in the time of the export. */
  private isOutside({ first, last }: AuditBlock): boolean {
    const { from, before } = this.range;
    return !first || !last || last.occurredAt < from || first.occurredAt >= before;
  }

  /** Over which ends of the export it reaches. */
  private cutOf(block: AuditBlock): Cut {
    const { first, last } = block;
    const { from, before } = this.range;
    if (!first || !last || this.isOutside(block)) return { atStart: true, atEnd: true };
    return { atStart: first.occurredAt < from, atEnd: last.occurredAt >= before };
  }

  /** Whether it begins before the export and ends after it: on a day without records, an export has no lists. */
  private spansExport(block: AuditBlock): boolean {
    const { atStart, atEnd } = this.cutOf(block);
    return atStart && atEnd;
  }

  private isExpired({ day }: AuditBlock): boolean {
    const { head } = this;
    if (!head || day === null) return false;
    const limit = new Date(new Date(head.exportedAt).getTime() - head.retentionDays * DAY);
    return day < utcDayOf(limit);
  }

  private isCovered({ instant }: AuthenticatedRecord): boolean {
    const { from, before } = this.range;
    const occurredAt = new Date(instant);
    return occurredAt >= from && occurredAt < before;
  }

  private get range(): { readonly from: Date; readonly before: Date } {
    const { head } = this;
    return { from: new Date(head?.from ?? 0), before: new Date(head?.before ?? 8.64e15) };
  }

  /** Without the key ring its code cannot be checked: only its age tells. */
  private judgeUnsealed(record: AuthenticatedRecord, day: string): void {
    const exportedAt = new Date(this.head?.exportedAt ?? 8.64e15).getTime();
    if (exportedAt - new Date(record.instant).getTime() > SEALED_WITHIN_MS)
      this.findings.add('record_unsealed', { day, recordId: record.id });
    else this.findings.waiting += 1;
  }
}

function parse(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : null;
  } catch {
    return null;
  }
}

/** A line of one kind is none of another, which a reader could take it for. */
function hasOnly(line: Line, ...members: readonly string[]): boolean {
  const names = Object.keys(line);
  return names.length === members.length && members.every((name) => names.includes(name));
}

function headIn(value: unknown): ExportHead | null {
  const { version, exportedAt, from, before, retentionDays } = (value ?? {}) as Line;
  const isHead =
    version === 1 &&
    isInstant(exportedAt) &&
    (from === null || isInstant(from)) &&
    isInstant(before) &&
    before <= exportedAt &&
    typeof retentionDays === 'number' &&
    Number.isSafeInteger(retentionDays) &&
    Math.abs(retentionDays) < MAX_DAYS;
  return isHead ? { version, exportedAt, from, before, retentionDays } : null;
}

/** As `toISOString` writes it: other forms depend on the time zone of the reader. */
function isInstant(value: unknown): value is string {
  return (
    isText(value) && !Number.isNaN(Date.parse(value)) && new Date(Date.parse(value)).toISOString() === value
  );
}

function recordIn(line: Line): AuthenticatedRecord | null {
  const { occurredAt, id, action, actor, subject, applicationId, details } = line;
  const { requestId = null, macKeyId = null, mac = null } = line;
  const isRecord =
    Object.keys(line).every((name) => RECORD_MEMBERS.has(name)) &&
    isInstant(occurredAt) &&
    isText(id) &&
    isText(action) &&
    isText(actor);
  if (!isRecord || ![subject, applicationId, requestId, macKeyId, mac].every(isTextOrNull)) return null;
  return {
    instant: `${new Date(occurredAt).toISOString().slice(0, -1)}000Z`,
    id,
    action,
    actor,
    subject: subject as string | null,
    applicationId: applicationId as string | null,
    requestId: requestId as string | null,
    details,
    macKeyId: macKeyId as string | null,
    mac: isText(mac) ? Buffer.from(mac, 'base64url') : null,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
