import type { AppError } from '@countersign/errors';
import type { Logger } from '@countersign/observability';

/** Logs errors that concern an operator: not those of callers. */
export function logProblem(logger: Logger, error: AppError, requestId: string): void {
  const { cause } = error.options;
  if (error.code === 'service.data_unreadable')
    logger.error({ requestId, err: cause }, 'stored data cannot be read');
  else if (error.kind === 'internal') logger.error({ requestId, err: cause }, 'a request failed');
  else if (error.kind === 'unavailable') logger.warn({ requestId, err: cause }, 'unavailable');
}
