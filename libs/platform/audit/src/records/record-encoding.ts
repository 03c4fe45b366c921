import { lengthPrefixed, merkleLeaf } from '@countersign/crypto';

const RECORD_TAG = 'countersign/audit-record/v1';
const LEAF_TAG = 'countersign/audit-leaf/v1';
/** Of details that this service did not write: a limit of its own, since the stack ends sooner in one caller than in another. */
const MAX_DEPTH = 64;
/** The first byte says whether there is a text. */
const ABSENT = '\u0000';
const PRESENT = '\u0001';

/** What a record says, as it is authenticated and sealed. */
export interface RecordContent {
  /** UTC with six digits of the second, the precision of the database: `2026-11-02T09:30:00.000000Z`. */
  readonly instant: string;
  readonly id: string;
  readonly action: string;
  readonly actor: string;
  readonly subject: string | null;
  readonly applicationId: string | null;
  readonly requestId: string | null;
  /** Parsed, never the text of the database, whose format may change. */
  readonly details: unknown;
}

/** A record with its message authentication code: both null for one of a version without them. */
export interface AuthenticatedRecord extends RecordContent {
  readonly macKeyId: string | null;
  readonly mac: Buffer | null;
}

/** The instant of a record that this process makes. */
export function instantOf(occurredAt: Date): string {
  return occurredAt.toISOString().replace('Z', '000Z');
}

/** The bytes that a message authentication code is over: no two contents have the same. @throws RangeError for what is no record */
export function encodeRecord(content: RecordContent): Buffer {
  const { instant, id, action, actor, subject, applicationId, requestId, details } = content;
  return lengthPrefixed([
    RECORD_TAG,
    instant,
    id,
    action,
    actor,
    optional(subject),
    optional(applicationId),
    optional(requestId),
    ...detailsOf(details),
  ]);
}

/** The leaf of a record in the tree of its block: with its code, so that this cannot be replaced either. */
export function leafOf(record: AuthenticatedRecord): Buffer {
  const { macKeyId, mac } = record;
  return merkleLeaf(
    lengthPrefixed([LEAF_TAG, encodeRecord(record), optional(macKeyId), mac ?? Buffer.alloc(0)]),
  );
}

/** @returns null for what is no record */
export function readableLeafOf(record: AuthenticatedRecord): Buffer | null {
  return readable(() => leafOf(record));
}

/** @returns null where it throws: for work on values of the database that reads nothing more */
export function readable<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function optional(text: string | null): string {
  return text === null ? ABSENT : PRESENT + text.toWellFormed();
}

/** Names and values in the order of the names; a tag apart for what this service does not write. */
function detailsOf(details: unknown): readonly string[] {
  if (!isTexts(details)) return ['other', canonicalJson(details)];
  // Runs at every sign-in: a loop over names takes a third of the time of sorted entries.
  const texts = ['texts'];
  for (const name of Object.keys(details).toSorted()) texts.push(name, details[name] ?? '');
  return texts;
}

function isTexts(details: unknown): details is Readonly<Record<string, string>> {
  return isObject(details) && Object.values(details).every((value) => typeof value === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedEntries<T>(object: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(object).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new RangeError('details are nested too deep');
  if (Array.isArray(value)) return `[${value.map((member) => canonicalJson(member, depth + 1)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = sortedEntries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}
