import { inOrder, nullIfAway } from '@countersign/chains';

/** Of the first one that answers; null where none does. */
export async function firstAnswer<N extends { readonly isPaused: boolean }, T>(
  nodes: readonly N[],
  work: (node: N) => Promise<T>,
): Promise<T | null> {
  for (const node of inOrder(nodes)) {
    const answer = await work(node).catch(nullIfAway);
    if (answer !== null) return answer;
  }
  return null;
}
