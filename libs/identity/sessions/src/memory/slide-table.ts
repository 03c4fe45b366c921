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
 * Slides outside the heap, at most one per session, each at its own position. The position of a replaced slide is
 * not reused until `reuse` is called, since the older slide may be on its way to the database.
 */
export class SlideTable {
  private index = new UuidIndex(FIRST_CAPACITY);
  private numbers = new Float64Array(FIRST_CAPACITY * NUMBERS);
  /** Of the tokens that were used. */
  private digests = Buffer.alloc(FIRST_CAPACITY * DIGEST_BYTES);
  private readonly replaced: number[] = [];

  /** The position of a session's slide; `NOWHERE` when there is none. */
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
    const position = this.index.add(sessionId);
    if (position === NOWHERE) return false;
    if (this.index.capacity * NUMBERS > this.numbers.length) this.grow();
    this.digests.set(digest, position * DIGEST_BYTES);
    this.set(position, SLIDE.accessIdleIn, slide.accessIdleIn);
    this.set(position, SLIDE.startedAt, slide.startedAt);
    this.set(position, SLIDE.usedAt, slide.usedAt);
    this.set(position, SLIDE.deadline, slide.deadline);
    this.set(position, SLIDE.rowDeadline, slide.rowDeadline);
    this.set(position, SLIDE.writtenAt, slide.writtenAt);
    return true;
  }

  get(position: number, number: SlideNumber): number {
    return this.numbers[position * NUMBERS + number] ?? Number.NaN;
  }

  set(position: number, number: SlideNumber, value: number): void {
    this.numbers[position * NUMBERS + number] = value;
  }

  hasDigest(position: number, digest: Buffer): boolean {
    const { digests } = this;
    const start = position * DIGEST_BYTES;
    for (let at = 0; at < DIGEST_BYTES; at += 1) if (digests[start + at] !== digest[at]) return false;
    return digest.length === DIGEST_BYTES;
  }

  sessionIdAt(position: number): string {
    return this.index.idAt(position);
  }

  /** A copy. */
  digestAt(position: number): Buffer {
    return Buffer.from(this.digests.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES));
  }

  /** Not while slides are being written. */
  forget(position: number): void {
    this.index.forget(position);
    this.vacate(position);
  }

  /**
   * Frees the positions of replaced slides, and all memory when no slide is left. Not while slides are being
   * written.
   */
  reuse(): void {
    for (const position of this.replaced) this.vacate(position);
    this.replaced.length = 0;
    if (this.index.size > 0 || this.index.capacity === FIRST_CAPACITY) return;
    this.index = new UuidIndex(FIRST_CAPACITY);
    this.numbers = new Float64Array(FIRST_CAPACITY * NUMBERS);
    this.digests = Buffer.alloc(FIRST_CAPACITY * DIGEST_BYTES);
  }

  /**
   * Visits the position of each slide, which the visitor may forget; also replaced ones unless `reuse` was
   * called.
   */
  forEach(visit: (position: number) => void): void {
    for (let position = 0; position < this.index.end; position += 1)
      if (!Number.isNaN(this.get(position, SLIDE.startedAt))) visit(position);
  }

  /** A free position has a slide that never started. */
  private vacate(position: number): void {
    this.set(position, SLIDE.startedAt, Number.NaN);
    this.index.vacate(position);
  }

  private grow(): void {
    const { numbers, digests } = this;
    this.numbers = new Float64Array(this.index.capacity * NUMBERS);
    this.numbers.set(numbers);
    this.digests = Buffer.alloc(this.index.capacity * DIGEST_BYTES);
    this.digests.set(digests);
  }
}
