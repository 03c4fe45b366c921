/** How many independent nodes decide: one alone may lie, or be behind. */
export const NODES_NEEDED = 2;

/** The greatest amount that at least two nodes confirm. @param said by each node */
export function confirmedByTwo(said: readonly bigint[]): bigint {
  const sorted = said.toSorted((one, other) => (one > other ? -1 : 1));
  return sorted[NODES_NEEDED - 1] ?? -1n;
}
