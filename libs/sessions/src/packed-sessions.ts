import { LRUCache } from 'lru-cache';
import type { Entry, EntryStore } from '@countersign/database';
import { IdIndex, INDEXED_ID_BYTES, NOWHERE } from './id-index';
import { assurances, endReasons, toPrincipal, type AccessSession, type Principal } from './session';
import { ORDERED_PLACE_BYTES, UseOrder } from './use-order';

/** A session in memory. Nothing in it changes: the row is read again, or a use is noted elsewhere. */
export interface CachedSession {
  readonly session: AccessSession;
  /** `null` when the identity was taken from the account, and the session is over. */
  readonly principal: Principal | null;
}

/** So many are kept unpacked as well, since what is in use is asked for again and again. */
const UNPACKED = 1_024;

const RECORD_BYTES = 296;
const NUMBER_BYTES = 8;

/** What one session takes at most: a record, its id, and its place in the order of use. */
export const PACKED_SESSION_BYTES = RECORD_BYTES + INDEXED_ID_BYTES + ORDERED_PLACE_BYTES;

/** Numbers of a record, eight bytes each from its first on. Instants are milliseconds since 1970. */
const NUMBERS = {
  readAt: 0,
  idleExpiresAt: 1,
  expiresAt: 2,
  accessIdleExpiresAt: 3,
  accessExpiresAt: 4,
  priorAccessExpiresAt: 5,
  accessIdleIn: 6,
  /** The place among the lists of scopes that sessions have in common. */
  scopes: 7,
} as const;

/** Bytes and texts of a record. */
const PARTS = {
  accessDigest: { at: 64, length: 32 },
  priorAccessDigest: { at: 96, length: 32 },
  applicationId: { at: 128, length: 36 },
  userId: { at: 164, length: 36 },
  identityId: { at: 200, length: 36 },
  deviceKeyThumbprint: { at: 236, length: 43 },
} as const;

type Part = (typeof PARTS)[keyof typeof PARTS];

/** Single bytes. Of an end reason, nothing is zero. */
const ASSURANCE_AT = 279;
const END_REASON_AT = 280;
const FLAGS_AT = 281;

/** What a record has, a bit of its flags for each. */
const HAS = {
  session: 1,
  identityId: 2,
  deviceKeyThumbprint: 4,
  priorAccessDigest: 8,
  priorAccessExpiresAt: 16,
};

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
    this.bytes[place * RECORD_BYTES + FLAGS_AT] = value ? flagsOf(value.session) : 0;
    if (value) this.packSession(place * RECORD_BYTES, first, value.session);
  }

  private packSession(start: number, first: number, session: AccessSession): void {
    const { assurance, endReason, scopes } = session;
    const { numbers, bytes } = this;
    bytes[start + ASSURANCE_AT] = assurances.indexOf(assurance);
    bytes[start + END_REASON_AT] = endReason ? endReasons.indexOf(endReason) + 1 : 0;
    numbers[first + NUMBERS.idleExpiresAt] = session.idleExpiresAt.getTime();
    numbers[first + NUMBERS.expiresAt] = session.expiresAt.getTime();
    numbers[first + NUMBERS.accessIdleExpiresAt] = session.accessIdleExpiresAt.getTime();
    numbers[first + NUMBERS.accessExpiresAt] = session.accessExpiresAt.getTime();
    numbers[first + NUMBERS.priorAccessExpiresAt] = session.priorAccessExpiresAt?.getTime() ?? 0;
    numbers[first + NUMBERS.accessIdleIn] = session.accessIdleIn;
    numbers[first + NUMBERS.scopes] = this.scopes.placeOf(scopes.join(' '), scopes);
    this.write(start, PARTS.accessDigest, session.accessDigest);
    this.write(start, PARTS.priorAccessDigest, session.priorAccessDigest);
    this.write(start, PARTS.applicationId, session.applicationId);
    this.write(start, PARTS.userId, session.userId);
    this.write(start, PARTS.identityId, session.identityId);
    this.write(start, PARTS.deviceKeyThumbprint, session.deviceKeyThumbprint);
  }

  private write(start: number, { at }: Part, value: Buffer | string | null): void {
    if (typeof value === 'string') this.bytes.write(value, start + at, 'latin1');
    else value?.copy(this.bytes, start + at);
  }

  private unpack(place: number, id: string): Entry<CachedSession> {
    const first = (place * RECORD_BYTES) / NUMBER_BYTES;
    const start = place * RECORD_BYTES;
    const readAt = this.instant(first + NUMBERS.readAt);
    const flags = this.bytes[start + FLAGS_AT] ?? 0;
    if (!(flags & HAS.session)) return { value: null, readAt };
    const assurance = assurances[this.bytes[start + ASSURANCE_AT] ?? 0];
    const scopes = this.scopes.at(this.number(first + NUMBERS.scopes));
    if (!assurance || !scopes) throw new Error('a record of a session cannot be read');
    const session: AccessSession = {
      id,
      assurance,
      endReason: endReasons[(this.bytes[start + END_REASON_AT] ?? 0) - 1] ?? null,
      scopes,
      applicationId: this.text(start, PARTS.applicationId),
      userId: this.text(start, PARTS.userId),
      identityId: flags & HAS.identityId ? this.text(start, PARTS.identityId) : null,
      deviceKeyThumbprint:
        flags & HAS.deviceKeyThumbprint ? this.text(start, PARTS.deviceKeyThumbprint) : null,
      idleExpiresAt: this.instant(first + NUMBERS.idleExpiresAt),
      expiresAt: this.instant(first + NUMBERS.expiresAt),
      accessDigest: this.digest(start, PARTS.accessDigest),
      accessIdleExpiresAt: this.instant(first + NUMBERS.accessIdleExpiresAt),
      accessExpiresAt: this.instant(first + NUMBERS.accessExpiresAt),
      priorAccessDigest: flags & HAS.priorAccessDigest ? this.digest(start, PARTS.priorAccessDigest) : null,
      priorAccessExpiresAt:
        flags & HAS.priorAccessExpiresAt ? this.instant(first + NUMBERS.priorAccessExpiresAt) : null,
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

  private text(start: number, { at, length }: Part): string {
    return this.bytes.toString('latin1', start + at, start + at + length);
  }

  /** Not of Node's pool: a piece of it that is kept for long keeps all of it. */
  private digest(start: number, { at, length }: Part): Buffer {
    const copy = Buffer.allocUnsafeSlow(length);
    this.bytes.copy(copy, 0, start + at, start + at + length);
    return copy;
  }
}

/** What would not be read as it was written is not kept. */
function isPackable(session: AccessSession): boolean {
  return Object.entries(PARTS).every(([name, { length }]) => {
    const value = session[name as keyof typeof PARTS];
    return value === null || value.length === length;
  });
}

function flagsOf(session: AccessSession): number {
  return (
    HAS.session |
    (session.identityId === null ? 0 : HAS.identityId) |
    (session.deviceKeyThumbprint === null ? 0 : HAS.deviceKeyThumbprint) |
    (session.priorAccessDigest === null ? 0 : HAS.priorAccessDigest) |
    (session.priorAccessExpiresAt === null ? 0 : HAS.priorAccessExpiresAt)
  );
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
