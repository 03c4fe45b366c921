import { HOUR } from '@countersign/clock';
import type { AuditBlock } from '../seals/audit-block';
import type { Findings } from './audit-problem';
import { rootOf, unpackLeaves } from '../seals/block-leaves';
import type { RecordMacs } from '../records/record-macs';
import { mayLackMac, type TrailOrigin } from '../trail/trail-origin';
import { readableLeafOf, type AuthenticatedRecord } from '../records/record-encoding';

/** Longer than records need to be sealed, also across a restart of the jobs. */
export const SEALED_WITHIN_MS = HOUR;

/** What is known beside a block. */
interface BlockContext {
  /** Null where it cannot be opened: the block alone vouches for records without codes. */
  readonly origin: TrailOrigin | null;
  /** Null where the key ring is not at hand: blocks alone are checked. */
  readonly macs: RecordMacs | null;
  readonly cut: Cut;
}

/** Of which ends of a block records may be absent, since an export does not reach that far. */
export interface Cut {
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

export const NOT_CUT: Cut = { atStart: false, atEnd: false };

/** Compares a block with its list of records, and this list with the records. */
export function checkBlock(
  block: AuditBlock,
  packed: Buffer | null,
  find: (id: string) => AuthenticatedRecord | undefined,
  { origin, macs, cut }: BlockContext,
  findings: Findings,
): void {
  const position = { block: block.number, day: block.day };
  if (!packed) {
    findings.add('leaves_missing', position);
    return;
  }
  const entries = unpackLeaves(packed);
  if (entries?.length !== block.count || !rootOf(entries).equals(block.root)) {
    findings.add('leaves_changed', position);
    return;
  }
  const records = entries.map(({ id }) => find(id));
  const isOutside = outsideOf(records, cut);
  for (const [index, { id, leaf }] of entries.entries()) {
    const record = records[index];
    if (!record) {
      if (isOutside(index)) findings.outside += 1;
      else findings.add('record_missing', { ...position, recordId: id });
      continue;
    }
    findings.records += 1;
    const found = readableLeafOf(record);
    if (!found) findings.add('unreadable', { ...position, recordId: id });
    else if (!found.equals(leaf)) findings.add('record_changed', { ...position, recordId: id });
    else checkMac(record, block, { origin, macs, cut }, findings);
  }
}

/** Absent records lie outside of an export only before the first or after the last one that it has. */
function outsideOf(
  records: readonly (AuthenticatedRecord | undefined)[],
  { atStart, atEnd }: Cut,
): (index: number) => boolean {
  const first = records.findIndex((record) => record !== undefined);
  // The last record of a block that is not cut there is in the export.
  const startsBy = first === -1 ? records.length - (atEnd ? 0 : 1) : first;
  const endsBy = Math.max(
    records.findLastIndex((record) => record !== undefined),
    atStart ? -1 : 0,
  );
  return (index) => (atStart && index < startsBy) || (atEnd && index > endsBy);
}

function checkMac(
  record: AuthenticatedRecord,
  block: AuditBlock,
  { origin, macs }: BlockContext,
  findings: Findings,
): void {
  const position = { block: block.number, day: block.day, recordId: record.id };
  if (record.mac === null) {
    if (!origin || mayLackMac(origin, block.sealedAt)) findings.withoutMac += 1;
    else findings.add('record_inserted', position);
    return;
  }
  const answer = macs?.check(record) ?? 'unknown_key';
  if (answer === 'wrong') findings.add('mac_wrong', position);
  else if (answer === 'unknown_key') findings.withoutMacKey += 1;
}
