import { LRUCache } from 'lru-cache';
import { SECOND } from '@countersign/clock';
import type { Entry, EntryStore } from '@countersign/database';
import { IdIndex, INDEXED_ID_BYTES, NOWHERE } from './id-index';
import {
  assurances,
  doorNames,
  endReasons,
  isAssurance,
  toPrincipal,
  type AccessSession,
  type Principal,
} from './session';
import { ORDERED_PLACE_BYTES, UseOrder } from './use-order';

/** A session in memory. Nothing in it changes: the row is read again, or a use is noted elsewhere. */
export interface CachedSession {
  readonly session: AccessSession;
  /** `null` when the identity was taken from the account, and the session is over. */
  readonly principal: Principal | null;
}

/** So many are kept unpacked as well, since what is in use is asked for again and again. */
const UNPACKED = 1_024;

const NUMBER_BYTES = 8;

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

/** Numbers of a record, eight bytes each from its first on. `scopes`: the place among the lists that sessions have in common. */
const NUMBERS = placesOf(['readAt', 'accessIdleIn', 'scopes', ...INSTANTS]);

/** Single bytes behind the numbers. Of an end reason and of a door, nothing is zero. */
const BYTES = placesOf(['isSession', 'assurance', 'isOfAllowedBot', 'endReason', 'door']);

/** Behind them: when a proof was last verified, in whole seconds since 1970, which is all that anybody is told of it. */
const AUTHENTICATED_AT = Object.keys(BYTES).length;
const SECONDS_BYTES = 4;
const MOST_SECONDS = 0xffffffff;

/** A byte that tells whether there is a value, and the value behind it. */
interface Part {
  readonly at: number;
  readonly length: number;
}

const BYTES_AT = Object.keys(NUMBERS).length * NUMBER_BYTES;
const PART_NAMES = Object.keys(LENGTHS) as (keyof typeof LENGTHS)[];
const PARTS = partsFrom(BYTES_AT + AUTHENTICATED_AT + SECONDS_BYTES);
const END = Math.max(...Object.values(PARTS).map(({ at, length }) => at + 1 + length));

/** The numbers of the next record begin where a number may be. */
const RECORD_BYTES = Math.ceil(END / NUMBER_BYTES) * NUMBER_BYTES;

/** What one session takes at most: a record, its id, and its place in the order of use. */
export const PACKED_SESSION_BYTES = RECORD_BYTES + INDEXED_ID_BYTES + ORDERED_PLACE_BYTES;

/** Lists of scopes are settings, which change by the hand of operators: it takes years to get there. */
const MOST_SCOPE_LISTS = 10_000;

interface Unpacked {
  readonly entry: Entry<CachedSession>;
  readonly place: number;
}

/**
 * Sessions outside the heap, in records of some 300 bytes: as objects a hundred thousand of them would take ten times as much,
 * and the collector's time. The least recently used go. Whatever is given out is a copy, so that a record which another
 * session takes over meanwhile is nobody's.
 */
export class PackedSessions implements EntryStore<CachedSession> {
  private readonly bytes: Buffer;
  private readonly numbers: Float64Array;
  private readonly index: IdIndex;
  private readonly order: UseOrder;
  /** Only of sessions that are in the index. */
  private readonly unpacked = new LRUCache<string, Unpacked>({ max: UNPACKED });
  private readonly scopes = new Shared<readonly string[]>();

  constructor(private readonly maxEntries: number) {
    // One more than are kept: the new one is written before the oldest goes. The system gives pages when they are used.
    const places = maxEntries + 1;
    const { buffer } = Buffer.alloc(places * RECORD_BYTES);
    this.bytes = Buffer.from(buffer);
    this.numbers = new Float64Array(buffer);
    this.index = new IdIndex(places);
    this.order = new UseOrder(places);
  }

  get size(): number {
    return this.index.size;
  }

  get(id: string): Entry<CachedSession> | undefined {
    const known = this.unpacked.get(id);
    const place = known ? known.place : this.index.find(id);
    if (place === NOWHERE) return undefined;
    this.order.touch(place);
    if (known) return known.entry;
    const entry = this.unpack(place, id);
    this.unpacked.set(id, { entry, place });
    return entry;
  }

  /** Only under a UUID in lower case; under any other id nothing is kept. */
  set(id: string, entry: Entry<CachedSession>): void {
    if (this.scopes.size >= MOST_SCOPE_LISTS) this.clear();
    this.delete(id);
    if (entry.value && !isPackable(entry.value.session)) return;
    this.pack(this.index.next, entry);
    const place = this.index.add(id);
    if (place === NOWHERE) return;
    this.order.add(place);
    if (this.size > this.maxEntries) this.delete(this.index.idAt(this.order.oldest));
  }

  delete(id: string): void {
    const place = this.index.find(id);
    if (place === NOWHERE) return;
    this.unpacked.delete(id);
    this.order.remove(place);
    this.index.forget(place);
    this.index.vacate(place);
  }

  clear(): void {
    this.unpacked.clear();
    this.order.clear();
    this.index.clear();
    this.scopes.clear();
  }

  private pack(place: number, { value, readAt }: Entry<CachedSession>): void {
    const first = (place * RECORD_BYTES) / NUMBER_BYTES;
    this.numbers[first + NUMBERS.readAt] = readAt.getTime();
    this.bytes[place * RECORD_BYTES + BYTES_AT + BYTES.isSession] = value ? 1 : 0;
    if (value) this.packSession(place * RECORD_BYTES, first, value.session);
  }

  private packSession(start: number, first: number, session: AccessSession): void {
    const { assurance, door, endReason, scopes } = session;
    const { numbers, bytes } = this;
    bytes[start + BYTES_AT + BYTES.assurance] = assurances.indexOf(assurance);
    bytes[start + BYTES_AT + BYTES.isOfAllowedBot] = session.isOfAllowedBot ? 1 : 0;
    bytes[start + BYTES_AT + BYTES.endReason] = endReason ? endReasons.indexOf(endReason) + 1 : 0;
    bytes[start + BYTES_AT + BYTES.door] = door ? doorNames.indexOf(door) + 1 : 0;
    bytes.writeUInt32LE(secondsOf(session.authenticatedAt), start + BYTES_AT + AUTHENTICATED_AT);
    numbers[first + NUMBERS.accessIdleIn] = session.accessIdleIn;
    numbers[first + NUMBERS.scopes] = this.scopes.placeOf(JSON.stringify(scopes), scopes);
    for (const name of INSTANTS) numbers[first + NUMBERS[name]] = session[name]?.getTime() ?? Number.NaN;
    for (const name of PART_NAMES) this.write(start + PARTS[name].at, session[name]);
  }

  private write(at: number, value: Buffer | string | null): void {
    this.bytes[at] = value === null ? 0 : 1;
    if (typeof value === 'string') this.bytes.write(value, at + 1, 'latin1');
    else value?.copy(this.bytes, at + 1);
  }

  private unpack(place: number, id: string): Entry<CachedSession> {
    const first = (place * RECORD_BYTES) / NUMBER_BYTES;
    const start = place * RECORD_BYTES;
    const readAt = this.instant(first + NUMBERS.readAt);
    const bytesAt = start + BYTES_AT;
    if (!this.bytes[bytesAt + BYTES.isSession]) return { value: null, readAt };
    const assurance = assurances[this.bytes[bytesAt + BYTES.assurance] ?? 0];
    const scopes = this.scopes.at(this.number(first + NUMBERS.scopes));
    if (!assurance || !scopes) throw new Error('a record of a session cannot be read');
    const session: AccessSession = {
      id,
      assurance,
      isOfAllowedBot: this.bytes[bytesAt + BYTES.isOfAllowedBot] === 1,
      endReason: endReasons[(this.bytes[bytesAt + BYTES.endReason] ?? 0) - 1] ?? null,
      door: doorNames[(this.bytes[bytesAt + BYTES.door] ?? 0) - 1] ?? null,
      authenticatedAt: new Date(this.bytes.readUInt32LE(bytesAt + AUTHENTICATED_AT) * SECOND),
      scopes,
      applicationId: this.text(start, PARTS.applicationId),
      userId: this.text(start, PARTS.userId),
      identityId: this.has(start, PARTS.identityId) ? this.text(start, PARTS.identityId) : null,
      deviceKeyThumbprint: this.has(start, PARTS.deviceKeyThumbprint)
        ? this.text(start, PARTS.deviceKeyThumbprint)
        : null,
      idleExpiresAt: this.instant(first + NUMBERS.idleExpiresAt),
      expiresAt: this.instant(first + NUMBERS.expiresAt),
      accessDigest: this.digest(start, PARTS.accessDigest),
      accessIdleExpiresAt: this.instant(first + NUMBERS.accessIdleExpiresAt),
      accessExpiresAt: this.instant(first + NUMBERS.accessExpiresAt),
      priorAccessDigest: this.has(start, PARTS.priorAccessDigest)
        ? this.digest(start, PARTS.priorAccessDigest)
        : null,
      priorAccessExpiresAt: Number.isNaN(this.number(first + NUMBERS.priorAccessExpiresAt))
        ? null
        : this.instant(first + NUMBERS.priorAccessExpiresAt),
      accessIdleIn: this.number(first + NUMBERS.accessIdleIn),
    };
    return { value: { session, principal: toPrincipal(session) }, readAt };
  }

  private number(at: number): number {
    return this.numbers[at] ?? Number.NaN;
  }

  private instant(at: number): Date {
    return new Date(this.number(at));
  }

  private has(start: number, { at }: Part): boolean {
    return this.bytes[start + at] === 1;
  }

  private text(start: number, { at, length }: Part): string {
    return this.bytes.toString('latin1', start + at + 1, start + at + 1 + length);
  }

  /** Not of Node's pool: a piece of it that is kept for long keeps all of it. */
  private digest(start: number, { at, length }: Part): Buffer {
    const copy = Buffer.allocUnsafeSlow(length);
    this.bytes.copy(copy, 0, start + at + 1, start + at + 1 + length);
    return copy;
  }
}

/**
 * What would not be read as it was written is not kept, such as a word of a later version: its row is read each time, and says
 * what it says.
 */
function isPackable(session: AccessSession): boolean {
  const { assurance, endReason, accessIdleIn } = session;
  return (
    isAssurance(assurance) &&
    (endReason === null || endReasons.includes(endReason)) &&
    Number.isFinite(accessIdleIn) &&
    INSTANTS.every((name) => isPackableInstant(session[name])) &&
    PART_NAMES.every((name) => isPackablePart(session[name], LENGTHS[name]))
  );
}

/** NaN stands for none; what is for ever is no `Date`. */
function isPackableInstant(instant: Date | null): boolean {
  return instant === null || (instant instanceof Date && Number.isFinite(instant.getTime()));
}

function isPackablePart(value: Buffer | string | null, length: number): boolean {
  if (value === null) return true;
  return value.length === length && (typeof value !== 'string' || LATIN1.test(value));
}

function secondsOf(instant: Date): number {
  return Math.min(Math.max(Math.floor(instant.getTime() / SECOND), 0), MOST_SECONDS);
}

function placesOf<const Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, place) => [name, place])) as Record<Name, number>;
}

function partsFrom(start: number): Readonly<Record<keyof typeof LENGTHS, Part>> {
  let at = start;
  const parts = PART_NAMES.map((name) => {
    const part = { at, length: LENGTHS[name] };
    at += 1 + part.length;
    return [name, part];
  });
  return Object.fromEntries(parts) as Record<keyof typeof LENGTHS, Part>;
}

/** Values that many have in common, each kept once and found again by its place. */
class Shared<T> {
  private readonly places = new Map<string, number>();
  private readonly values: T[] = [];

  get size(): number {
    return this.values.length;
  }

  placeOf(name: string, value: T): number {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    this.places.set(name, this.values.length);
    return this.values.push(value) - 1;
  }

  at(place: number): T | undefined {
    return this.values[place];
  }

  clear(): void {
    this.places.clear();
    this.values.length = 0;
  }
}
