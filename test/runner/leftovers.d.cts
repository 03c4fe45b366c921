/** @see leftovers.cjs */
export declare class Leftovers {
  constructor(graceMs?: number);
  check(mocks: { spies: readonly string[]; hasFakeTimers: boolean }): Promise<void>;
}
