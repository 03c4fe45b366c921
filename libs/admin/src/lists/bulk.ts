import { ApiProperty } from '@nestjs/swagger';
import { AppError } from '@countersign/errors';
import { toAppError } from '@countersign/http';

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
    description: 'Code of the error when it was not.',
    example: null,
  })
  code: string | null;
}

export class BulkResponse {
  @ApiProperty({ type: [BulkResult], description: 'One for each item, in the order of the request.' })
  results: readonly BulkResult[];
}

/**
 * Runs `work` for one item after the other. A refused item does not stop the others.
 * @throws the error of `work` when it is no AppError, or of kind `unavailable` or `internal`
 */
export async function forEachItem(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
): Promise<BulkResponse> {
  const results: BulkResult[] = [];
  for (const [index, id] of ids.entries())
    try {
      await work(id);
      results.push({ index, id, isDone: true, code: null });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!(thrown instanceof AppError) || error.kind === 'unavailable' || error.kind === 'internal')
        throw thrown;
      results.push({ index, id, isDone: false, code: error.code });
    }
  return { results };
}
