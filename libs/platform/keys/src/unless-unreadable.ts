import { SealError } from '@countersign/crypto';
import type { Logger } from '@countersign/observability';

/**
 * What `work` answers; null, with a line in the log, for a value that cannot be opened: it stays, and needs
 * its key.
 */
export async function unlessUnreadable<T>(
  logger: Logger,
  of: { readonly work: string; readonly row: string },
  work: () => T | Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    logger.error({ ...of, err: error }, 'a value cannot be opened');
    return null;
  }
}
