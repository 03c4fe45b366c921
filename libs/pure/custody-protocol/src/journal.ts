import { lengthPrefixed, sha256 } from '@countersign/crypto';
import type { Act, JournalPosition } from './calls';
import { Refused } from './refused';

export const NO_WALLET = '00000000-0000-0000-0000-000000000000';

export const JOURNAL_START: JournalPosition = { sequence: 0, hash: '0'.repeat(64) };

export interface JournalEntry {
  readonly callId: string;
  readonly call: string;
  readonly walletId: string;
  readonly kind: string | null;
  /** The digest of the signed bytes, of the rules, or of a value that only custody can write: 32 bytes. */
  readonly digest: Buffer | null;
  /** The consent for the entry. No two entries have the same one. */
  readonly consent: Buffer | null;
}

export interface JournalRow extends JournalEntry {
  readonly sequence: string;
  readonly at: Date;
  readonly hash: Buffer;
}

/** The time in which an export can be repeated under its id, in milliseconds. */
const EXPORT_REPEAT_MS = 60_000;

export function nextRow(
  last: Pick<JournalRow, 'sequence' | 'hash'>,
  entry: JournalEntry,
  at: Date,
): JournalRow {
  const sequence = String(BigInt(last.sequence) + 1n);
  return { ...entry, sequence, at, hash: entryHash(last.hash, sequence, at, entry) };
}

/** @throws Refused `call_reused` for an id of another call, or of an export more than a minute ago */
export function isRepeated(entry: JournalEntry, known: JournalRow | undefined, now: Date): boolean {
  if (!known) return false;
  const isLate = entry.call === 'export' && now.getTime() - known.at.getTime() > EXPORT_REPEAT_MS;
  if (isLate || !entryBytes(known).equals(entryBytes(entry))) throw new Refused('call_reused');
  return true;
}

function entryHash(previous: Buffer, sequence: string, at: Date, entry: JournalEntry): Buffer {
  return sha256(lengthPrefixed([previous, sequence, at.toISOString(), entryBytes(entry)]));
}

function entryBytes({ callId, call, walletId, kind, digest, consent }: JournalEntry): Buffer {
  return lengthPrefixed([callId, call, walletId, kind ?? '', digest ?? '', consent ?? '']);
}

/** Hashes the rows after a known one, up to the first that is missing or has another hash. */
export function followEntries(known: JournalPosition, rows: readonly JournalRow[]): JournalPosition {
  let { sequence } = known;
  let hash: Buffer = Buffer.from(known.hash, 'hex');
  for (const row of rows) {
    // The column can contain instants that custody never writes.
    const isReadable = row.at instanceof Date && !Number.isNaN(row.at.getTime());
    const next = isReadable ? entryHash(hash, row.sequence, row.at, row) : null;
    if (Number(row.sequence) !== sequence + 1 || next?.equals(row.hash) !== true) break;
    sequence += 1;
    hash = next;
  }
  return { sequence, hash: hash.toString('hex') };
}

/** After custody has destroyed the wallet of an erased person, the API has no acts of this person. */
export async function signedWithoutAct(
  signed: readonly Act[],
  unknown: readonly { readonly callId: string; readonly isErased: boolean }[],
  isDestroyed: (walletId: string) => Promise<boolean>,
): Promise<readonly Act[]> {
  const withoutAct = [];
  for (const act of signed) {
    const row = unknown.find(({ callId }) => callId === act.callId);
    if (row && !(row.isErased && (await isDestroyed(act.walletId)))) withoutAct.push(act);
  }
  return withoutAct;
}
