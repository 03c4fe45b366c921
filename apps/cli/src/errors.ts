import type { ErrorKind } from '@countersign/errors';

/** Exit codes of every command: public contract, listed in docs/reference.md. */
export const exitCodes = {
  ok: 0,
  /** A defect, or a file that cannot be read or written. */
  failed: 1,
  /** The command line or the environment is wrong. */
  usage: 2,
  refused: 3,
  notFound: 4,
  /** The database, or another required service, is unavailable: retry later. */
  unavailable: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeOfKind: Readonly<Record<ErrorKind, ExitCode>> = {
  malformed: exitCodes.refused,
  unauthenticated: exitCodes.refused,
  forbidden: exitCodes.refused,
  'not-found': exitCodes.notFound,
  'method-not-allowed': exitCodes.refused,
  conflict: exitCodes.refused,
  gone: exitCodes.refused,
  'too-large': exitCodes.refused,
  'unsupported-media-type': exitCodes.refused,
  misdirected: exitCodes.refused,
  impossible: exitCodes.refused,
  'rate-limited': exitCodes.refused,
  unavailable: exitCodes.unavailable,
  internal: exitCodes.failed,
};

/** A command fails: the message is a sentence for an operator. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

/** The command line or the environment is wrong; the message says how it should be. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}
