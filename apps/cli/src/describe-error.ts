import { ConfigurationError } from '@countersign/config';
import { describeDatabaseFailure, WrongKeyError } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { UsageError } from './usage';

/** A failure in one sentence for an operator, with the code where there is one. */
export function describeError(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigurationError || error instanceof WrongKeyError)
    return error.message;
  const databaseFailure = describeDatabaseFailure(error);
  if (databaseFailure) return databaseFailure;
  if (error instanceof AppError) {
    if (error.kind === 'unavailable') return describeError(error.options.cause);
    const fields = (error.options.fields ?? [])
      .map(({ path, detail }) => `\n  - ${path}: ${detail}`)
      .join('');
    return `${error.definition.title} (${error.code}). ${error.options.detail ?? error.definition.remedy ?? ''}${fields}`.trim();
  }
  const { code, stack, message } = error as Error & { code?: string };
  if (code === 'EEXIST') return 'The file exists already and is not overwritten.';
  if (code === 'EACCES' || code === 'ENOENT') return `The file cannot be written or read (${code}).`;
  return stack ?? message;
}
