import { chainUnavailable, inOrder, NodeError, type TonIndexer } from '@countersign/chains';

/** Of each indexer that answers. @throws AppError chain.unavailable (503) when none does */
export async function askIndexers<T>(
  indexers: readonly TonIndexer[],
  work: (indexer: TonIndexer) => Promise<T>,
): Promise<readonly T[]> {
  const asked = await Promise.allSettled(inOrder(indexers).map(work));
  const answers = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const errors = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  for (const error of errors) if (!(error instanceof NodeError)) throw error;
  const [error] = errors;
  if (answers.length === 0 && error instanceof NodeError) throw chainUnavailable(error);
  return answers;
}

/** The older one of the newest blocks of those that answered. */
export function oldest<T extends { readonly number: number }>(heads: readonly T[]): T | null {
  return heads.toSorted((one, other) => one.number - other.number)[0] ?? null;
}
