import { NOWHERE } from './uuid-index';

/** Per position: the links to the positions before and after it. */
export const ORDERED_SLOT_BYTES = 8;

/** Positions in the order of their use, outside the heap. */
export class LruOrder {
  private readonly older: Int32Array;
  private readonly newer: Int32Array;
  private first = NOWHERE;
  private last = NOWHERE;

  constructor(capacity: number) {
    this.older = new Int32Array(capacity);
    this.newer = new Int32Array(capacity);
  }

  /** The least recently used; `NOWHERE` when there is none. */
  get oldest(): number {
    return this.first;
  }

  /** Appends a position that is not in the list. */
  add(position: number): void {
    this.older[position] = this.last;
    this.newer[position] = NOWHERE;
    if (this.last === NOWHERE) this.first = position;
    else this.newer[this.last] = position;
    this.last = position;
  }

  /** Moves a position of the list to its end. */
  touch(position: number): void {
    if (position === this.last) return;
    this.remove(position);
    this.add(position);
  }

  remove(position: number): void {
    const older = this.older[position] ?? NOWHERE;
    const newer = this.newer[position] ?? NOWHERE;
    if (older === NOWHERE) this.first = newer;
    else this.newer[older] = newer;
    if (newer === NOWHERE) this.last = older;
    else this.older[newer] = older;
  }

  clear(): void {
    this.first = NOWHERE;
    this.last = NOWHERE;
  }
}
