/** Draws that a seed repeats: what happens to whom, and when. (What the product draws by itself is not among them.) */
export class Random {
  #state;

  /** @param {number} seed a whole number */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** Draws of its own for one purpose, so that one that draws more often does not shift the others. */
  fork(purpose) {
    let state = this.#state;
    for (const letter of purpose) state = Math.imul(state ^ letter.codePointAt(0), 0x01000193);
    return new Random(state);
  }

  /** From 0 to less than 1 (the generator "mulberry32"). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least, most) {
    return least + this.next() * (most - least);
  }

  /** @template T @param {readonly T[]} values not empty @returns {T} */
  pick(values) {
    return values[Math.floor(this.next() * values.length)];
  }

  /** @template T @param {readonly T[]} values @returns {T[]} */
  shuffled(values) {
    return values
      .map((value) => ({ value, rank: this.next() }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ value }) => value);
  }
}
