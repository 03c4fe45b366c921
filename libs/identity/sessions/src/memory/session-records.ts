import { SECOND } from '@countersign/clock';
import type { Entry } from '@countersign/database';
import {
  NUMBER_BYTES,
  RECORD_OVERHEAD_BYTES,
  RecordStore,
  type RecordFormat,
  type RecordMemory,
} from '@countersign/off-heap';
import {
  assurances,
  doorNames,
  endReasons,
  isAssurance,
  toPrincipal,
  type AccessSession,
  type Principal,
} from '../session';

/** A cached session. Immutable: changes are read from the row, and uses are kept by the `SlideWriter`. */
export interface CachedSession {
  readonly session: AccessSession;
  /** `null` when its identity was detached, which ends the session. */
  readonly principal: Principal | null;
}

/** Texts of one byte for each character. */
const LATIN1 = /^[\x20-\xff]*$/;

type Fields<Value> = {
  [Name in keyof AccessSession]: AccessSession[Name] extends Value ? Name : never;
}[keyof AccessSession];

/** Kept as milliseconds since 1970, or as NaN for none. */
const INSTANTS = [
  'idleExpiresAt',
  'expiresAt',
  'accessIdleExpiresAt',
  'accessExpiresAt',
  'priorAccessExpiresAt',
] as const satisfies readonly Fields<Date | null>[];

/** Bytes and texts, by how long each has to be unless it is null. */
const LENGTHS = {
  accessDigest: 32,
  priorAccessDigest: 32,
  applicationId: 36,
  userId: 36,
  identityId: 36,
  deviceKeyThumbprint: 43,
} as const satisfies Partial<Record<Fields<Buffer | string | null>, number>>;

/**
 * Numbers of a record, eight bytes each from its start. `scopes`: the index in the shared lists of scopes.
 */
const NUMBERS = positionsOf(['readAt', 'accessIdleIn', 'scopes', ...INSTANTS]);

/** Single bytes behind the numbers. Of an end reason and of a door, nothing is zero. */
const BYTES = positionsOf([
  'isSession',
  'assurance',
  'isOfAllowedBot',
  'awaitsFirstUse',
  'endReason',
  'door',
]);

/** Behind them: when a proof was last verified, in whole seconds since 1970 like the claim `auth_time`. */
const AUTHENTICATED_AT = Object.keys(BYTES).length;
const SECONDS_BYTES = 4;
const MAX_SECONDS = 0xffffffff;

/** A byte that says whether there is a value, followed by the value. */
interface OptionalField {
  readonly at: number;
  readonly length: number;
}

const BYTES_AT = Object.keys(NUMBERS).length * NUMBER_BYTES;
const FIELD_NAMES = Object.keys(LENGTHS) as (keyof typeof LENGTHS)[];
const FIELDS = fieldsFrom(BYTES_AT + AUTHENTICATED_AT + SECONDS_BYTES);
const END = Math.max(...Object.values(FIELDS).map(({ at, length }) => at + 1 + length));

/** The numbers of the next record begin where a number may be. */
const RECORD_BYTES = Math.ceil(END / NUMBER_BYTES) * NUMBER_BYTES;

/** What one cached session takes at most, in bytes. */
export const CACHED_SESSION_BYTES = RECORD_BYTES + RECORD_OVERHEAD_BYTES;

/** Scope lists are application settings, changed by operators: the limit takes years to reach. */
const MAX_SCOPE_LISTS = 10_000;

/**
 * Cached sessions outside the heap, in records of about 300 bytes: as objects 100,000 of them take ten times
 * as much memory, and garbage collection time (ADR 0022).
 */
export function sessionStore(maxEntries: number): RecordStore<Entry<CachedSession>> {
  return new RecordStore(new SessionRecords(), maxEntries);
}

class SessionRecords implements RecordFormat<Entry<CachedSession>> {
  readonly recordBytes = RECORD_BYTES;
  private readonly scopes = new Shared<readonly string[]>();

  get isFull(): boolean {
    return this.scopes.size >= MAX_SCOPE_LISTS;
  }

  clear(): void {
    this.scopes.clear();
  }

  canWrite({ value }: Entry<CachedSession>): boolean {
    return value === null || isPackable(value.session);
  }

  write(memory: RecordMemory, start: number, { value, readAt }: Entry<CachedSession>): void {
    memory.numbers[start / NUMBER_BYTES + NUMBERS.readAt] = readAt.getTime();
    memory.bytes[start + BYTES_AT + BYTES.isSession] = value ? 1 : 0;
    if (value) this.writeSession(memory, start, value.session);
  }

  private writeSession({ numbers, bytes }: RecordMemory, start: number, session: AccessSession): void {
    const { assurance, door, endReason, scopes } = session;
    const first = start / NUMBER_BYTES;
    bytes[start + BYTES_AT + BYTES.assurance] = assurances.indexOf(assurance);
    bytes[start + BYTES_AT + BYTES.isOfAllowedBot] = session.isOfAllowedBot ? 1 : 0;
    bytes[start + BYTES_AT + BYTES.awaitsFirstUse] = session.awaitsFirstUse ? 1 : 0;
    bytes[start + BYTES_AT + BYTES.endReason] = endReason ? endReasons.indexOf(endReason) + 1 : 0;
    bytes[start + BYTES_AT + BYTES.door] = door ? doorNames.indexOf(door) + 1 : 0;
    bytes.writeUInt32LE(secondsOf(session.authenticatedAt), start + BYTES_AT + AUTHENTICATED_AT);
    numbers[first + NUMBERS.accessIdleIn] = session.accessIdleIn;
    numbers[first + NUMBERS.scopes] = this.scopes.positionOf(JSON.stringify(scopes), scopes);
    for (const name of INSTANTS) numbers[first + NUMBERS[name]] = session[name]?.getTime() ?? Number.NaN;
    for (const name of FIELD_NAMES) writeField(bytes, start + FIELDS[name].at, session[name]);
  }

  read(memory: RecordMemory, start: number, id: string): Entry<CachedSession> {
    const record = new SessionRecord(memory, start);
    const readAt = record.instant('readAt');
    if (!record.byte('isSession')) return { value: null, readAt };
    const assurance = assurances[record.byte('assurance')];
    const scopes = this.scopes.at(record.number('scopes'));
    if (!assurance || !scopes) throw new Error('a record of a session cannot be read');
    const session: AccessSession = {
      id,
      assurance,
      isOfAllowedBot: record.byte('isOfAllowedBot') === 1,
      awaitsFirstUse: record.byte('awaitsFirstUse') === 1,
      endReason: endReasons[record.byte('endReason') - 1] ?? null,
      door: doorNames[record.byte('door') - 1] ?? null,
      authenticatedAt: record.authenticatedAt,
      scopes,
      applicationId: record.text('applicationId'),
      userId: record.text('userId'),
      identityId: record.has('identityId') ? record.text('identityId') : null,
      deviceKeyThumbprint: record.has('deviceKeyThumbprint') ? record.text('deviceKeyThumbprint') : null,
      idleExpiresAt: record.instant('idleExpiresAt'),
      expiresAt: record.instant('expiresAt'),
      accessDigest: record.digest('accessDigest'),
      accessIdleExpiresAt: record.instant('accessIdleExpiresAt'),
      accessExpiresAt: record.instant('accessExpiresAt'),
      priorAccessDigest: record.has('priorAccessDigest') ? record.digest('priorAccessDigest') : null,
      priorAccessExpiresAt: record.instantOrNull('priorAccessExpiresAt'),
      accessIdleIn: record.number('accessIdleIn'),
    };
    return { value: { session, principal: toPrincipal(session) }, readAt };
  }
}

/** One record while it is read. */
class SessionRecord {
  constructor(
    private readonly memory: RecordMemory,
    private readonly start: number,
  ) {}

  get authenticatedAt(): Date {
    return new Date(this.memory.bytes.readUInt32LE(this.start + BYTES_AT + AUTHENTICATED_AT) * SECOND);
  }

  byte(name: keyof typeof BYTES): number {
    return this.memory.bytes[this.start + BYTES_AT + BYTES[name]] ?? 0;
  }

  number(name: keyof typeof NUMBERS): number {
    return this.memory.numbers[this.start / NUMBER_BYTES + NUMBERS[name]] ?? Number.NaN;
  }

  instant(name: keyof typeof NUMBERS): Date {
    return new Date(this.number(name));
  }

  instantOrNull(name: keyof typeof NUMBERS): Date | null {
    return Number.isNaN(this.number(name)) ? null : this.instant(name);
  }

  has(name: keyof typeof LENGTHS): boolean {
    return this.memory.bytes[this.start + FIELDS[name].at] === 1;
  }

  text(name: keyof typeof LENGTHS): string {
    const from = this.start + FIELDS[name].at + 1;
    return this.memory.bytes.toString('latin1', from, from + FIELDS[name].length);
  }

  /** Not from Node's pool: a long-lived slice keeps the whole pool alive. */
  digest(name: keyof typeof LENGTHS): Buffer {
    const from = this.start + FIELDS[name].at + 1;
    const copy = Buffer.allocUnsafeSlow(FIELDS[name].length);
    this.memory.bytes.copy(copy, 0, from, from + FIELDS[name].length);
    return copy;
  }
}

function writeField(bytes: Buffer, at: number, value: Buffer | string | null): void {
  bytes[at] = value === null ? 0 : 1;
  if (typeof value === 'string') bytes.write(value, at + 1, 'latin1');
  else value?.copy(bytes, at + 1);
}

/**
 * A session with a value that would not be restored exactly, such as a word of a later version, is not
 * cached.
 */
function isPackable(session: AccessSession): boolean {
  const { assurance, endReason, accessIdleIn } = session;
  return (
    isAssurance(assurance) &&
    (endReason === null || endReasons.includes(endReason)) &&
    Number.isFinite(accessIdleIn) &&
    INSTANTS.every((name) => isPackableInstant(session[name])) &&
    FIELD_NAMES.every((name) => isPackableField(session[name], LENGTHS[name]))
  );
}

/** NaN stands for none; PostgreSQL's `infinity` is no `Date`. */
function isPackableInstant(instant: Date | null): boolean {
  return instant === null || (instant instanceof Date && Number.isFinite(instant.getTime()));
}

function isPackableField(value: Buffer | string | null, length: number): boolean {
  if (value === null) return true;
  return value.length === length && (typeof value !== 'string' || LATIN1.test(value));
}

function secondsOf(instant: Date): number {
  return Math.min(Math.max(Math.floor(instant.getTime() / SECOND), 0), MAX_SECONDS);
}

function positionsOf<const Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, position) => [name, position])) as Record<Name, number>;
}

function fieldsFrom(start: number): Readonly<Record<keyof typeof LENGTHS, OptionalField>> {
  let at = start;
  const fields = FIELD_NAMES.map((name) => {
    const field = { at, length: LENGTHS[name] };
    at += 1 + field.length;
    return [name, field];
  });
  return Object.fromEntries(fields) as Record<keyof typeof LENGTHS, OptionalField>;
}

/** Values shared by many records, each stored once and found by its index. */
class Shared<T> {
  private readonly positions = new Map<string, number>();
  private readonly values: T[] = [];

  get size(): number {
    return this.values.length;
  }

  positionOf(name: string, value: T): number {
    const known = this.positions.get(name);
    if (known !== undefined) return known;
    this.positions.set(name, this.values.length);
    return this.values.push(value) - 1;
  }

  at(position: number): T | undefined {
    return this.values[position];
  }

  clear(): void {
    this.positions.clear();
    this.values.length = 0;
  }
}
