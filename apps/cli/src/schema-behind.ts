/** The database lacks a migration of this version; the message names the command that helps. */
export class SchemaBehindError extends Error {
  override readonly name = 'SchemaBehindError';
}
