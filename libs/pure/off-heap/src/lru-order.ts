import { NOWHERE } from './uuid-index';

/** Per place: the links to the places before and after it. */
export const ORDERED_PLACE_BYTES = 8;

/** Places in the order of their use, outside the heap. */
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

  /** Appends a place that is not in the list. */
  add(place: number): void {
    this.older[place] = this.last;
    this.newer[place] = NOWHERE;
    if (this.last === NOWHERE) this.first = place;
    else this.newer[this.last] = place;
    this.last = place;
  }

  /** Moves a place of the list to its end. */
  touch(place: number): void {
    if (place === this.last) return;
    this.remove(place);
    this.add(place);
  }

  remove(place: number): void {
    const older = this.older[place] ?? NOWHERE;
    const newer = this.newer[place] ?? NOWHERE;
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
