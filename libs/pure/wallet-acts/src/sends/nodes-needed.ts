/** The number of deciding nodes: a single one may lie, or be behind. */
export const NODES_NEEDED = 2;

/** The highest amount that at least two nodes confirm. @param said one amount per node */
export function confirmedByTwo(said: readonly bigint[]): bigint {
  const sorted = said.toSorted((one, other) => (one > other ? -1 : 1));
  return sorted[NODES_NEEDED - 1] ?? -1n;
}
