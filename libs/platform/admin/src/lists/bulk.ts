import { ApiProperty } from '@nestjs/swagger';
import { AppError } from '@countersign/errors';
import { toAppError } from '@countersign/http';
import type { Logger } from '@countersign/observability';
import { NOT_BEGUN } from '../admin.errors';

/** The most items of one bulk call. */
export const MAX_BULK = 1_000;

/** The result for one item of a bulk call. */
export class BulkResult {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Position in the request.', example: 0 })
  index: number;

  @ApiProperty({ format: 'uuid', description: 'The item.', example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' })
  id: string;

  @ApiProperty({ description: 'Whether it was done.', example: true })
  isDone: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Code of the error when it was not. After `service.unavailable` or `service.internal_error` it may have been done all ' +
      'the same: repeat it. `bulk.not_begun` for the items behind that one.',
    example: null,
  })
  code: string | null;
}

export class BulkResponse {
  @ApiProperty({ type: [BulkResult], description: 'One for each item, in the order of the request.' })
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
  return ids.slice(from).map((id, place) => ({ index: from + place, id, isDone: false, code: NOT_BEGUN }));
}
