/** No position: the id is not there. */
export const NOWHERE = -1;

/** Memory per id at most: its sixteen bytes, and four slots. */
export const INDEXED_ID_BYTES = 32;

const WORDS = 4;
const ID_LENGTH = 36;
const HYPHEN = 0x2d;

/** By character code. Every other code makes a number negative. */
const DIGITS = new Int8Array(128).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) DIGITS[digit.charCodeAt(0)] = value;

/**
 * Maps each id to a small number, under which others store its data. Outside the heap: as keys of a `Map` the
 * ids alone would take a hundred bytes each. Only for UUIDs in lower case with hyphens; other texts are never
 * found.
 */
export class UuidIndex {
  /** Four words per position: its id, or in the first of them the next vacant position. */
  private words: Int32Array;
  /** By hash: the position plus one, so that zero, the initial value, is an empty slot. */
  private slots: Int32Array;
  private readonly sought = new Int32Array(WORDS);
  private vacant = NOWHERE;
  private count = 0;
  private taken = 0;

  /** @param capacity how many positions there are before they are doubled. */
  constructor(capacity: number) {
    this.words = new Int32Array(capacity * WORDS);
    this.slots = emptySlots(capacity);
  }

  get size(): number {
    return this.count;
  }

  /** How many positions there are, in use or not. */
  get capacity(): number {
    return this.words.length / WORDS;
  }

  /** All positions in use are below this one. */
  get end(): number {
    return this.taken;
  }

  /** The position that the next id will get. */
  get next(): number {
    return this.vacant === NOWHERE ? this.taken : this.vacant;
  }

  find(id: string): number {
    return this.read(id) ? this.positionIn(this.slotOfSought()) : NOWHERE;
  }

  /** @returns the position of a known or new id; `NOWHERE` if it is no UUID. */
  add(id: string): number {
    if (!this.read(id)) return NOWHERE;
    const known = this.positionIn(this.slotOfSought());
    if (known !== NOWHERE) return known;
    if (this.next === this.capacity) this.double();
    const position = this.next;
    if (position === this.taken) this.taken += 1;
    else this.vacant = this.word(position, 0);
    this.words.set(this.sought, position * WORDS);
    this.slots[this.slotOfSought()] = position + 1;
    this.count += 1;
    return position;
  }

  /** Removes the id. The position is not reused until it is vacated. */
  forget(position: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let gap = this.homeOf(position);
    while (this.positionIn(gap) !== position) gap = (gap + 1) & mask;
    // Backward-shift deletion: later entries of the probe sequence move back, so that look-ups find no gap
    // before them.
    for (let slot = (gap + 1) & mask; slots[slot]; slot = (slot + 1) & mask) {
      const home = this.homeOf(this.positionIn(slot));
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot] ?? 0;
      gap = slot;
    }
    slots[gap] = 0;
    this.count -= 1;
  }

  /** Lets another id use a position whose own id was forgotten. */
  vacate(position: number): void {
    this.words[position * WORDS] = this.vacant;
    this.vacant = position;
  }

  /** The id of a position that has not been vacated. */
  idAt(position: number): string {
    const hex = [0, 1, 2, 3]
      .map((at) => (this.word(position, at) >>> 0).toString(16).padStart(8, '0'))
      .join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  clear(): void {
    this.slots.fill(0);
    this.vacant = NOWHERE;
    this.count = 0;
    this.taken = 0;
  }

  private double(): void {
    const { words, slots } = this;
    this.words = new Int32Array(words.length * 2);
    this.words.set(words);
    this.slots = emptySlots(this.capacity);
    const mask = this.slots.length - 1;
    for (const full of slots) {
      if (full === 0) continue;
      let slot = this.homeOf(full - 1);
      while (this.slots[slot]) slot = (slot + 1) & mask;
      this.slots[slot] = full;
    }
  }

  /** Parses an id. @returns whether it is a UUID. */
  private read(id: string): boolean {
    if (id.length !== ID_LENGTH) return false;
    for (let at = 8; at <= 23; at += 5) if (id.charCodeAt(at) !== HYPHEN) return false;
    return (
      this.readWord(0, fourDigits(id, 0), fourDigits(id, 4)) &&
      this.readWord(1, fourDigits(id, 9), fourDigits(id, 14)) &&
      this.readWord(2, fourDigits(id, 19), fourDigits(id, 24)) &&
      this.readWord(3, fourDigits(id, 28), fourDigits(id, 32))
    );
  }

  private readWord(at: number, high: number, low: number): boolean {
    this.sought[at] = (high << 16) | low;
    return (high | low) >= 0;
  }

  /** The slot of the id that was parsed last, or the empty slot for it. */
  private slotOfSought(): number {
    const { sought, slots, words } = this;
    const mask = slots.length - 1;
    let slot = hashAt(sought, 0) & mask;
    for (let position = this.positionIn(slot); position !== NOWHERE; position = this.positionIn(slot)) {
      if (isEqualAt(words, position * WORDS, sought)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private homeOf(position: number): number {
    return hashAt(this.words, position * WORDS) & (this.slots.length - 1);
  }

  private positionIn(slot: number): number {
    return (this.slots[slot] ?? 0) - 1;
  }

  private word(position: number, at: number): number {
    return this.words[position * WORDS + at] ?? 0;
  }
}

/** At least two per position, so that there are always empty ones near. */
function emptySlots(capacity: number): Int32Array {
  return new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
}

/** Sixteen bits; negative when one of them is no digit. */
function fourDigits(id: string, at: number): number {
  return (
    (digit(id.charCodeAt(at)) << 12) |
    (digit(id.charCodeAt(at + 1)) << 8) |
    (digit(id.charCodeAt(at + 2)) << 4) |
    digit(id.charCodeAt(at + 3))
  );
}

function digit(code: number): number {
  return DIGITS[code] ?? -1;
}

function isEqualAt(words: Int32Array, at: number, sought: Int32Array): boolean {
  return (
    words[at + 3] === sought[3] &&
    words[at + 2] === sought[2] &&
    words[at + 1] === sought[1] &&
    words[at] === sought[0]
  );
}

/**
 * Ids are generated by this service and random at their end, so that clients cannot choose colliding ones.
 */
function hashAt(words: Int32Array, at: number): number {
  const mixed =
    Math.imul(words[at] ?? 0, 0x9e3779b1) ^
    Math.imul(words[at + 1] ?? 0, 0x85ebca6b) ^
    Math.imul(words[at + 2] ?? 0, 0xc2b2ae35) ^
    (words[at + 3] ?? 0);
  return mixed ^ (mixed >>> 16);
}
