import { NOWHERE, UuidIndex } from '@countersign/off-heap';

const DIGEST_BYTES = 32;
const FIRST_CAPACITY = 1_024;

/** Uses that the row may not have yet. Instants are milliseconds since 1970. */
export interface Slide {
  readonly accessIdleIn: number;
  /** The first use, before which the row's deadline must not have passed. */
  readonly startedAt: number;
  /** The first use that the row does not have yet. */
  readonly usedAt: number;
  /** When the token ends unless it is used again. */
  readonly deadline: number;
  /** The same in the row; not below `deadline` when there is nothing to write. */
  readonly rowDeadline: number;
  readonly writtenAt: number;
}

/** Numbers of a slide, by which they are got and set. */
export const SLIDE = {
  accessIdleIn: 0,
  startedAt: 1,
  usedAt: 2,
  deadline: 3,
  rowDeadline: 4,
  writtenAt: 5,
} as const satisfies Record<keyof Slide, number>;

type SlideNumber = (typeof SLIDE)[keyof typeof SLIDE];

const NUMBERS = Object.keys(SLIDE).length;

/**
 * Slides outside the heap, at most one per session, each at its own place. The place of a replaced slide is
 * not reused until `reuse` is called, since the older slide may be on its way to the database.
 */
export class SlideTable {
  private index = new UuidIndex(FIRST_CAPACITY);
  private numbers = new Float64Array(FIRST_CAPACITY * NUMBERS);
  /** Of the tokens that were used. */
  private digests = Buffer.alloc(FIRST_CAPACITY * DIGEST_BYTES);
  private readonly replaced: number[] = [];

  /** The place of a session's slide; `NOWHERE` when there is none. */
  find(sessionId: string): number {
    return this.index.find(sessionId);
  }

  /**
   * Replaces the older slide of the session. @returns false for a malformed id or digest: nothing is stored.
   */
  start(sessionId: string, digest: Buffer, slide: Slide): boolean {
    if (digest.length !== DIGEST_BYTES) return false;
    const older = this.index.find(sessionId);
    if (older !== NOWHERE) {
      this.index.forget(older);
      this.replaced.push(older);
    }
    const place = this.index.add(sessionId);
    if (place === NOWHERE) return false;
    if (this.index.capacity * NUMBERS > this.numbers.length) this.grow();
    this.digests.set(digest, place * DIGEST_BYTES);
    this.set(place, SLIDE.accessIdleIn, slide.accessIdleIn);
    this.set(place, SLIDE.startedAt, slide.startedAt);
    this.set(place, SLIDE.usedAt, slide.usedAt);
    this.set(place, SLIDE.deadline, slide.deadline);
    this.set(place, SLIDE.rowDeadline, slide.rowDeadline);
    this.set(place, SLIDE.writtenAt, slide.writtenAt);
    return true;
  }

  get(place: number, number: SlideNumber): number {
    return this.numbers[place * NUMBERS + number] ?? Number.NaN;
  }

  set(place: number, number: SlideNumber, value: number): void {
    this.numbers[place * NUMBERS + number] = value;
  }

  hasDigest(place: number, digest: Buffer): boolean {
    const { digests } = this;
    const start = place * DIGEST_BYTES;
    for (let at = 0; at < DIGEST_BYTES; at += 1) if (digests[start + at] !== digest[at]) return false;
    return digest.length === DIGEST_BYTES;
  }

  sessionIdAt(place: number): string {
    return this.index.idAt(place);
  }

  /** A copy. */
  digestAt(place: number): Buffer {
    return Buffer.from(this.digests.subarray(place * DIGEST_BYTES, (place + 1) * DIGEST_BYTES));
  }

  /** Not while slides are being written. */
  forget(place: number): void {
    this.index.forget(place);
    this.vacate(place);
  }

  /**
   * Frees the places of replaced slides, and all memory when no slide is left. Not while slides are being
   * written.
   */
  reuse(): void {
    for (const place of this.replaced) this.vacate(place);
    this.replaced.length = 0;
    if (this.index.size > 0 || this.index.capacity === FIRST_CAPACITY) return;
    this.index = new UuidIndex(FIRST_CAPACITY);
    this.numbers = new Float64Array(FIRST_CAPACITY * NUMBERS);
    this.digests = Buffer.alloc(FIRST_CAPACITY * DIGEST_BYTES);
  }

  /**
   * Visits the place of each slide, which the visitor may forget; also replaced ones unless `reuse` was
   * called.
   */
  forEach(visit: (place: number) => void): void {
    for (let place = 0; place < this.index.end; place += 1)
      if (!Number.isNaN(this.get(place, SLIDE.startedAt))) visit(place);
  }

  /** A free place has a slide that never started. */
  private vacate(place: number): void {
    this.set(place, SLIDE.startedAt, Number.NaN);
    this.index.vacate(place);
  }

  private grow(): void {
    const { numbers, digests } = this;
    this.numbers = new Float64Array(this.index.capacity * NUMBERS);
    this.numbers.set(numbers);
    this.digests = Buffer.alloc(this.index.capacity * DIGEST_BYTES);
    this.digests.set(digests);
  }
}
