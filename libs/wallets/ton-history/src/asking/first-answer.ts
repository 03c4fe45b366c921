import { inOrder } from '@countersign/chains';
import { orNull } from './two-endpoints';

/** Of the first one that answers; null where none does. */
export async function firstAnswer<N extends { readonly isPaused: boolean }, T>(
  nodes: readonly N[],
  work: (node: N) => Promise<T>,
): Promise<T | null> {
  for (const node of inOrder(nodes)) {
    const answer = await work(node).catch(orNull);
    if (answer !== null) return answer;
  }
  return null;
}
