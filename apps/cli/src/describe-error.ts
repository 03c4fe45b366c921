import { ConfigurationError } from '@countersign/runtime';
import {
  ClocksDifferError,
  describeDatabaseFailure,
  KeysInCustodyError,
  UnusedTablesError,
} from '@countersign/database';
import { AppError } from '@countersign/text';
import { WrongKeyError } from '@countersign/keys';
import { LedgerAwayError } from '@countersign/ledger';
import { UseError } from '../../api/src/features';
import { CommandError, exitCodeOfKind, exitCodes, type ExitCode } from './errors';

/** The message of these errors is a sentence for an operator. */
const sentences: readonly (readonly [kind: abstract new (...args: never) => Error, exitCode: ExitCode])[] = [
  [ConfigurationError, exitCodes.usage],
  [KeysInCustodyError, exitCodes.usage],
  [UnusedTablesError, exitCodes.usage],
  [UseError, exitCodes.usage],
  [WrongKeyError, exitCodes.usage],
  [ClocksDifferError, exitCodes.failed],
  [LedgerAwayError, exitCodes.unavailable],
];

function knownIn(error: unknown): ExitCode | undefined {
  if (error instanceof CommandError) return error.exitCode;
  return sentences.find(([kind]) => error instanceof kind)?.[1];
}

export function describeError(error: unknown): string {
  if (knownIn(error) !== undefined) return (error as Error).message;
  const databaseFailure = describeDatabaseFailure(error);
  if (databaseFailure) return databaseFailure;
  if (error instanceof AppError) {
    if (error.kind === 'unavailable' && error.options.cause) return describeError(error.options.cause);
    const named = [
      ...(error.options.fields ?? []).map(({ path, detail }) => [path, detail]),
      ...Object.entries(error.options.members ?? {}),
    ];
    const fields = named.map(([name, text]) => `\n  - ${name}: ${text}`).join('');
    return `${error.definition.title} (${error.code}). ${error.options.detail ?? error.definition.remedy ?? ''}${fields}`.trim();
  }
  const { code, path, stack, message } = error as Error & { code?: string; path?: string };
  if (code === 'EEXIST') return 'The file exists already and is not overwritten.';
  if (code === 'EACCES' || code === 'EISDIR' || code === 'ENOENT')
    return `${path ?? 'The file'} cannot be written or read (${code}).`;
  return stack ?? message;
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof AppError) return exitCodeOfKind(error.kind);
  return (
    knownIn(error) ?? (describeDatabaseFailure(error) === null ? exitCodes.failed : exitCodes.unavailable)
  );
}
