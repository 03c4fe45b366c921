/** The command line is wrong; the message says how it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The database lacks a migration of this version; the message names the command that helps. */
export class SchemaBehindError extends Error {
  override readonly name = 'SchemaBehindError';
}
