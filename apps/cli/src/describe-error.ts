import { ConfigurationError } from '@countersign/config';
import { isDatabaseAway, MIGRATE_COMMAND, WrongKeyError } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { UsageError } from './usage';

/** A failure in one sentence for an operator, with the code where there is one. */
export function describeError(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigurationError || error instanceof WrongKeyError)
    return error.message;
  if (isDatabaseAway(error))
    return 'The database cannot be reached: check DATABASE_URL, or start the private one with `npm start`.';
  if (error instanceof AppError) {
    if (error.kind === 'unavailable') return describeError(error.options.cause);
    const fields = (error.options.fields ?? [])
      .map(({ path, detail }) => `\n  - ${path}: ${detail}`)
      .join('');
    return `${error.definition.title} (${error.code}). ${error.options.detail ?? error.definition.remedy ?? ''}${fields}`.trim();
  }
  const { code, stack, message } = error as Error & { code?: string };
  if (code === '42P01') return `The database schema is behind: run ${MIGRATE_COMMAND}`;
  if (code === 'EEXIST') return 'The file exists already and is not overwritten.';
  if (code === 'EACCES' || code === 'ENOENT') return `The file cannot be written or read (${code}).`;
  return stack ?? message;
}
