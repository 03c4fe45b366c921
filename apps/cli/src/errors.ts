import type { ErrorKind } from '@countersign/text';

/** The exit codes of every command. They are public contract, listed in docs/reference.md. */
export const exitCodes = {
  ok: 0,
  /** A defect, or a file that cannot be read or written. */
  failed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  /** The database or another required service is unavailable. A later retry may succeed. */
  unavailable: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOfKind(kind: ErrorKind): ExitCode {
  if (kind === 'not-found') return exitCodes.notFound;
  if (kind === 'unavailable') return exitCodes.unavailable;
  return kind === 'internal' ? exitCodes.failed : exitCodes.refused;
}

/** The message is a sentence for an operator. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

/** The command line or the environment is wrong. The message says how it should be. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}
