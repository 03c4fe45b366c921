/** The message is one sentence that says what to do. */
export class PrivatePostgresError extends Error {
  override readonly name = 'PrivatePostgresError';
}

export const USE_ANOTHER = 'set DATABASE_URL to a PostgreSQL 15 or newer';

const OF_FILES = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'];

/** Turns a file system error below `folder` into a sentence. It returns other errors unchanged. */
export function asSentence(error: unknown, folder: string): unknown {
  if (!hasCode(error, ...OF_FILES)) return error;
  return new PrivatePostgresError(
    `The folder ${folder} cannot be used (${error.message}): put that right, ` +
      `name another one in COUNTERSIGN_DATA_DIR, or ${USE_ANOTHER}.`,
    { cause: error },
  );
}

export function hasCode(error: unknown, ...codes: string[]): error is Error {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
