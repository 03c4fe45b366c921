import { AppError } from '@countersign/errors';
import { Count, Flag, Id, ListOf, Text, toAppError } from '@countersign/http';
import type { Logger } from '@countersign/observability';
import { NOT_BEGUN } from '../admin.errors';

/** The most items of one bulk call. */
export const MAX_BULK = 1_000;

/** The result for one item of a bulk call. */
export class BulkResult {
  @Count('Position in the request.', 0)
  index: number;

  @Id('The item.')
  id: string;

  @Flag('Whether it was done.', true)
  isDone: boolean;

  @Text(
    'Code of the error when it was not. After `service.unavailable` or `service.internal_error` it may have been done all ' +
      'the same: repeat it. `bulk.not_begun` for the items behind that one.',
    null,
    { nullable: true },
  )
  code: string | null;
}

export class BulkResponse {
  @ListOf(BulkResult, 'One for each item, in the order of the request.')
  results: readonly BulkResult[];
}

/**
 * Runs `work` for one item after the other. A refused item does not stop the others. A failure does, and is in the answer where
 * an item was done before it.
 * @throws the error of `work` when it is no AppError, or of kind `unavailable` or `internal`, and nothing was done before
 */
export async function forEachItem(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
  logger: Logger,
): Promise<BulkResponse> {
  const results: BulkResult[] = [];
  for (const [index, id] of ids.entries())
    try {
      await work(id);
      results.push({ index, id, isDone: true, code: null });
    } catch (thrown) {
      const error = toAppError(thrown);
      const isFailure =
        !(thrown instanceof AppError) || error.kind === 'unavailable' || error.kind === 'internal';
      if (isFailure && !results.some(({ isDone }) => isDone)) throw thrown;
      results.push({ index, id, isDone: false, code: error.code });
      if (!isFailure) continue;
      logger.error({ err: thrown, done: index, items: ids.length }, 'a bulk call failed in the middle');
      return { results: [...results, ...notBegun(ids, index + 1)] };
    }
  return { results };
}

function notBegun(ids: readonly string[], from: number): BulkResult[] {
  return ids.slice(from).map((id, index) => ({ index: from + index, id, isDone: false, code: NOT_BEGUN }));
}
