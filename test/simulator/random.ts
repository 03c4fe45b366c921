/** Draws that a seed repeats (the generator "mulberry32"). Each purpose draws from its own `fork`. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  fork(purpose: string): Random {
    let { state } = this;
    for (const letter of purpose) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
    return new Random(state);
  }

  /** From 0 to less than 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let value = this.state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return pickAt(values, this.next());
  }

  shuffled<T>(values: readonly T[]): T[] {
    const keyed = values.map((value) => ({ value, key: this.next() }));
    return keyed.toSorted((one, other) => one.key - other.key).map(({ value }) => value);
  }

  /** By weights, of which at least one is positive. */
  weighed<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return given(entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0])[0];
  }
}

/** @param at from 0 to less than 1 */
export function pickAt<T>(values: readonly T[], at: number): T {
  if (values.length === 0) throw new RangeError('there is nothing to pick');
  return values[Math.floor(at * values.length)] as T;
}

export function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a value is missing');
  return value;
}
